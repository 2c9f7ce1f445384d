#include "families/token_sum/training/gradient.hpp"

#include "training/cross_entropy.hpp"

#include <algorithm>

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
    const std::span labels = std::span(batch.labels).subspan(static_cast<std::size_t>(first));
    for_each_panel(rows.size(), threads, [&](Panel panel) {
      layers_.forward(weights, rows, panel, logits_);
      logits_to_gradient(logits_, labels, batch.size(), panel, losses_);
      layers_.backward(weights, logits_, panel);
    });
    for (Index row = 0; row < rows.size(); ++row) loss += losses_(row);
    layers_.add_gradient(rows, logits_, threads, gradient);
  }
  return loss / static_cast<double>(size);
}

template class TokenSumGradient<float>;
template class TokenSumGradient<double>;

} // namespace proofmark
