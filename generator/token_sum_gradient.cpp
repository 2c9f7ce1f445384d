#include "token_sum_gradient.hpp"

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

using Eigen::Index;

// A batch is worked on in slices, which bound the memory. Not a matter of threads either: it decides how sums
// are rounded.
constexpr Index slice_rows = 1024;

} // namespace

template <class Scalar>
TokenSumGradient<Scalar>::TokenSumGradient(std::uint64_t vocabulary, std::uint64_t width)
    : vocabulary_(static_cast<Index>(vocabulary)), layers_(vocabulary, width) {}

template <class Scalar>
double TokenSumGradient<Scalar>::compute(const TokenSumWeights<Scalar>& weights, const Batch& batch,
                                         TokenSumWeights<Scalar>& gradient, unsigned threads) {
  layers_.set_zero(gradient);
  const Index size = static_cast<Index>(batch.size());
  const Index slice = std::min(size, slice_rows);
  layers_.reserve(slice);
  logits_.resize(slice, vocabulary_);
  losses_.resize(slice);

  double loss = 0;
  for (Index first = 0; first < size; first += slice_rows) {
    const TokenRows rows = token_rows(batch, first, std::min(slice_rows, size - first));
    for_each_panel(rows.size(), threads, [&](Panel panel) {
      layers_.forward(weights, rows, panel, logits_);
      logits_to_gradient(batch, first, panel);
      layers_.backward(weights, logits_, panel);
    });
    for (Index row = 0; row < rows.size(); ++row) loss += losses_(row);
    layers_.add_gradient(rows, logits_, threads, gradient);
  }
  return loss / static_cast<double>(size);
}

// Row r of the panel belongs to input first + r.
template <class Scalar>
void TokenSumGradient<Scalar>::logits_to_gradient(const Batch& batch, Index first, Panel panel) {
  const Scalar share = Scalar{1} / static_cast<Scalar>(batch.size());
  for (Index row = panel.begin; row < panel.begin + panel.size; ++row) {
    const Index label = batch.labels[static_cast<std::size_t>(first + row)];
    auto values = logits_.row(row).array();
    const Scalar largest = values.maxCoeff();
    const Scalar margin = largest - values(label);
    values = (values - largest).exp();
    const Scalar sum = values.sum();
    losses_(row) = std::log(static_cast<double>(sum)) + static_cast<double>(margin);
    values *= share / sum;
    values(label) -= share;
  }
}

template class TokenSumGradient<float>;
template class TokenSumGradient<double>;

} // namespace proofmark
