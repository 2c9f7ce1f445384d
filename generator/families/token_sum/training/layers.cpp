#include "families/token_sum/training/layers.hpp"

#include "numbers/product.hpp"
#include "support/parallel.hpp"

namespace proofmark {

namespace {

using Eigen::Index;

// The pieces of work. None of these sizes depends on the number of threads, because they decide how sums are
// rounded.
constexpr Index panel_columns = 256; // of the logits, and so rows of the unembedding's gradient
constexpr Index panel_width = 32;    // of d, in the two smaller gradients

} // namespace

TokenRows token_rows(const Batch& batch, Index first, Index size) {
  return {std::span(batch.tokens)
              .subspan(static_cast<std::size_t>(first) * batch.context, static_cast<std::size_t>(size) * batch.context),
          batch.context};
}

template <class Scalar>
TokenSumLayers<Scalar>::TokenSumLayers(std::uint64_t vocabulary, std::uint64_t width)
    : vocabulary_(static_cast<Index>(vocabulary)), width_(static_cast<Index>(width)) {}

template <class Scalar>
void TokenSumLayers<Scalar>::reserve(Index rows) {
  if (rows <= hidden0_.rows()) return;
  for (auto* hidden : {&hidden0_, &hidden1_, &hidden0_gradient_, &hidden1_gradient_}) hidden->resize(rows, width_);
}

template <class Scalar>
void TokenSumLayers<Scalar>::set_zero(Weights& gradient) const {
  gradient.embedding.setZero(vocabulary_, width_);
  gradient.linear.setZero(width_, width_);
  gradient.unembedding.setZero(vocabulary_, width_);
}

template <class Scalar>
void TokenSumLayers<Scalar>::forward(const Weights& weights, const TokenRows& rows, Panel panel,
                                     Matrix<Scalar>& logits) {
  auto hidden0 = hidden0_.middleRows(panel.begin, panel.size);
  auto hidden1 = hidden1_.middleRows(panel.begin, panel.size);
  for (Index row = 0; row < panel.size; ++row) {
    const std::span<const Token> tokens = rows.row(panel.begin + row);
    hidden0.row(row) = weights.embedding.row(tokens.front());
    for (const Token token : tokens.subspan(1)) hidden0.row(row) += weights.embedding.row(token);
  }
  set_product(hidden1, hidden0, weights.linear.transpose());
  set_product(logits.middleRows(panel.begin, panel.size), hidden1, weights.unembedding.transpose());
}

template <class Scalar>
void TokenSumLayers<Scalar>::backward(const Weights& weights, const Matrix<Scalar>& logits_gradient, Panel panel) {
  auto hidden1_gradient = hidden1_gradient_.middleRows(panel.begin, panel.size);
  set_product(hidden1_gradient, logits_gradient.middleRows(panel.begin, panel.size), weights.unembedding);
  set_product(hidden0_gradient_.middleRows(panel.begin, panel.size), hidden1_gradient, weights.linear);
}

template <class Scalar>
void TokenSumLayers<Scalar>::add_gradient(const TokenRows& rows, const Matrix<Scalar>& logits_gradient,
                                          unsigned threads, Weights& gradient) const {
  const std::size_t unembedding_panels = panels(vocabulary_, panel_columns);
  const std::size_t width_panels = panels(width_, panel_width);
  for_each_piece(unembedding_panels + 2 * width_panels, threads, [&](std::size_t piece) {
    if (piece < unembedding_panels)
      add_unembedding_gradient(logits_gradient, rows.size(), panel(piece, vocabulary_, panel_columns), gradient);
    else if (piece -= unembedding_panels; piece < width_panels)
      add_linear_gradient(rows.size(), panel(piece, width_, panel_width), gradient);
    else
      add_embedding_gradient(rows, panel(piece - width_panels, width_, panel_width), gradient);
  });
}

template <class Scalar>
void TokenSumLayers<Scalar>::add_unembedding_gradient(const Matrix<Scalar>& logits_gradient, Index rows, Panel columns,
                                                      Weights& gradient) const {
  add_product(gradient.unembedding.middleRows(columns.begin, columns.size),
              logits_gradient.block(0, columns.begin, rows, columns.size).transpose(), hidden1_.topRows(rows));
}

template <class Scalar>
void TokenSumLayers<Scalar>::add_linear_gradient(Index rows, Panel columns, Weights& gradient) const {
  add_product(gradient.linear.middleRows(columns.begin, columns.size),
              hidden1_gradient_.block(0, columns.begin, rows, columns.size).transpose(), hidden0_.topRows(rows));
}

// Several rows may share a token, so pieces of work own columns here, and each adds its rows in order.
template <class Scalar>
void TokenSumLayers<Scalar>::add_embedding_gradient(const TokenRows& rows, Panel columns, Weights& gradient) const {
  for (Index row = 0; row < rows.size(); ++row)
    for (const Token token : rows.row(row))
      gradient.embedding.row(token).segment(columns.begin, columns.size) +=
          hidden0_gradient_.row(row).segment(columns.begin, columns.size);
}

template class TokenSumLayers<float>;
template class TokenSumLayers<double>;

} // namespace proofmark
