#include "token_sum_gradient.hpp"

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

using Eigen::Index;

// A batch is worked on in slices, which bound the memory; a slice in panels of rows and then of columns,
// which are the pieces of work. None of these sizes depends on the number of threads, because they decide how
// sums are rounded.
constexpr Index slice_rows = 1024;
constexpr Index panel_rows = 128;
constexpr Index panel_columns = 256; // of the logits, and so rows of the unembedding's gradient
constexpr Index panel_width = 32;    // of d, in the two smaller gradients

std::size_t panels(Index size, Index panel) {
  return static_cast<std::size_t>((size + panel - 1) / panel);
}

} // namespace

template <class Scalar>
TokenSumGradient<Scalar>::TokenSumGradient(std::uint64_t vocabulary, std::uint64_t width)
    : vocabulary_(static_cast<Index>(vocabulary)), width_(static_cast<Index>(width)) {}

template <class Scalar>
double TokenSumGradient<Scalar>::compute(const Weights& weights, const Batch& batch, Weights& gradient,
                                         unsigned threads) {
  gradient.embedding.setZero(vocabulary_, width_);
  gradient.linear.setZero(width_, width_);
  gradient.unembedding.setZero(vocabulary_, width_);
  const Index size = static_cast<Index>(batch.size());
  reserve(std::min(size, slice_rows));

  double loss = 0;
  for (Index first = 0; first < size; first += slice_rows) {
    const Index rows = std::min(slice_rows, size - first);
    for_each_piece(panels(rows, panel_rows), threads, [&](std::size_t panel) {
      const Index begin = static_cast<Index>(panel) * panel_rows;
      forward_and_back(weights, batch, first, begin, std::min(panel_rows, rows - begin));
    });
    for (Index row = 0; row < rows; ++row) loss += losses_(row);

    const std::size_t unembedding_panels = panels(vocabulary_, panel_columns);
    const std::size_t width_panels = panels(width_, panel_width);
    for_each_piece(unembedding_panels + 2 * width_panels, threads, [&](std::size_t piece) {
      if (piece < unembedding_panels)
        add_unembedding_gradient(gradient, rows, piece);
      else if (piece < unembedding_panels + width_panels)
        add_linear_gradient(gradient, rows, piece - unembedding_panels);
      else
        add_embedding_gradient(gradient, batch, first, rows, piece - unembedding_panels - width_panels);
    });
  }
  return loss / static_cast<double>(size);
}

template <class Scalar>
void TokenSumGradient<Scalar>::reserve(Index rows) {
  for (auto* hidden : {&hidden0_, &hidden1_, &hidden0_gradient_, &hidden1_gradient_}) hidden->resize(rows, width_);
  logits_.resize(rows, vocabulary_);
  losses_.resize(rows);
}

// Everything that concerns one input at a time, for rows begin .. begin + rows - 1 of the slice that starts
// at input `first`.
template <class Scalar>
void TokenSumGradient<Scalar>::forward_and_back(const Weights& weights, const Batch& batch, Index first, Index begin,
                                                Index rows) {
  auto hidden0 = hidden0_.middleRows(begin, rows);
  auto hidden1 = hidden1_.middleRows(begin, rows);
  auto logits = logits_.middleRows(begin, rows);
  for (Index row = 0; row < rows; ++row) {
    const auto input = static_cast<std::size_t>(first + begin + row);
    hidden0.row(row) = weights.embedding.row(batch.token(input, 0));
    for (std::size_t position = 1; position < batch.context; ++position)
      hidden0.row(row) += weights.embedding.row(batch.token(input, position));
  }
  hidden1.noalias() = hidden0 * weights.linear.transpose();
  logits.noalias() = hidden1 * weights.unembedding.transpose();

  const Scalar share = Scalar{1} / static_cast<Scalar>(batch.size());
  for (Index row = 0; row < rows; ++row) {
    const Index label = batch.labels[static_cast<std::size_t>(first + begin + row)];
    auto values = logits.row(row).array();
    const Scalar largest = values.maxCoeff();
    const Scalar margin = largest - values(label);
    values = (values - largest).exp();
    const Scalar sum = values.sum();
    losses_(begin + row) = std::log(static_cast<double>(sum)) + static_cast<double>(margin);
    values *= share / sum;
    values(label) -= share;
  }
  hidden1_gradient_.middleRows(begin, rows).noalias() = logits * weights.unembedding;
  hidden0_gradient_.middleRows(begin, rows).noalias() = hidden1_gradient_.middleRows(begin, rows) * weights.linear;
}

template <class Scalar>
void TokenSumGradient<Scalar>::add_unembedding_gradient(Weights& gradient, Index rows, std::size_t panel) const {
  const Index begin = static_cast<Index>(panel) * panel_columns;
  const Index columns = std::min(panel_columns, vocabulary_ - begin);
  gradient.unembedding.middleRows(begin, columns).noalias() +=
      logits_.block(0, begin, rows, columns).transpose() * hidden1_.topRows(rows);
}

template <class Scalar>
void TokenSumGradient<Scalar>::add_linear_gradient(Weights& gradient, Index rows, std::size_t panel) const {
  const Index begin = static_cast<Index>(panel) * panel_width;
  const Index width = std::min(panel_width, width_ - begin);
  gradient.linear.middleRows(begin, width).noalias() +=
      hidden1_gradient_.block(0, begin, rows, width).transpose() * hidden0_.topRows(rows);
}

// Several inputs may share a token, so pieces of work own columns here, and each adds its inputs in order.
template <class Scalar>
void TokenSumGradient<Scalar>::add_embedding_gradient(Weights& gradient, const Batch& batch, Index first, Index rows,
                                                      std::size_t panel) const {
  const Index begin = static_cast<Index>(panel) * panel_width;
  const Index width = std::min(panel_width, width_ - begin);
  for (Index row = 0; row < rows; ++row)
    for (std::size_t position = 0; position < batch.context; ++position)
      gradient.embedding.row(batch.token(static_cast<std::size_t>(first + row), position)).segment(begin, width) +=
          hidden0_gradient_.row(row).segment(begin, width);
}

template class TokenSumGradient<float>;
template class TokenSumGradient<double>;

} // namespace proofmark
