#include "families/attention_only/training/gradient.hpp"

#include "numbers/elementary.hpp"
#include "numbers/product.hpp"
#include "support/parallel.hpp"
#include "training/cross_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace proofmark {

namespace {

using Eigen::Index;

// A batch is worked on in slices, which bound the memory; like panels, a matter of rounding and not of threads.
constexpr Index slice_tokens = 4096;

constexpr Index panel_columns = 256; // of the logits, and so of the unembedding's gradient

template <class Scalar>
Scalar root_of(Index head_width) {
  return std::sqrt(static_cast<Scalar>(head_width));
}

} // namespace

// Row r of the result is the last position of input r of the panel.
template <class Scalar>
auto AttentionOnlyGradient<Scalar>::last(const Matrix<Scalar>& of_tokens, Panel panel) const {
  const Index width = of_tokens.cols();
  return Eigen::Map<const Matrix<Scalar>, 0, Eigen::OuterStride<>>(
      of_tokens.data() + (panel.begin * context_ + context_ - 1) * width, panel.size, width,
      Eigen::OuterStride<>(context_ * width));
}

template <class Scalar>
void AttentionOnlyGradient<Scalar>::reserve(const Weights& weights, Index rows) {
  const Index width = weights.query.rows(), head_width = weights.query.cols(), tokens = rows * context_;
  for (auto* matrix : {&residual_, &residual_gradient_}) matrix->resize(tokens, width);
  for (auto* matrix : {&keys_, &values_, &keys_gradient_, &values_gradient_}) matrix->resize(tokens, head_width);
  for (auto* matrix : {&queries_, &mixed_, &queries_gradient_, &mixed_gradient_}) matrix->resize(rows, head_width);
  for (auto* matrix : {&hidden_, &hidden_gradient_}) matrix->resize(rows, width);
  attention_.resize(rows, context_);
  logits_.resize(rows, weights.unembedding.cols());
  losses_.resize(rows);
}

template <class Scalar>
double AttentionOnlyGradient<Scalar>::compute(const Weights& weights, const Batch& batch, Weights& gradient,
                                              unsigned threads) {
  context_ = static_cast<Index>(batch.context);
  for (const auto part : Weights::parts) (gradient.*part).setZero((weights.*part).rows(), (weights.*part).cols());
  const Index size = static_cast<Index>(batch.size());
  const Index slice = std::min(size, std::max<Index>(1, slice_tokens / context_));
  reserve(weights, slice);

  double loss = 0;
  for (Index first = 0; first < size; first += slice) {
    const Index rows = std::min(slice, size - first);
    const std::span labels = std::span(batch.labels).subspan(static_cast<std::size_t>(first));
    for_each_panel(rows, threads, [&](Panel panel) {
      forward(weights, batch, first, panel);
      logits_to_gradient(logits_, labels, batch.size(), panel, losses_);
      backward(weights, panel);
    });
    for (Index row = 0; row < rows; ++row) loss += losses_(row);
    add_gradient(batch, first, rows, threads, gradient);
  }
  return loss / static_cast<double>(size);
}

template <class Scalar>
void AttentionOnlyGradient<Scalar>::forward(const Weights& weights, const Batch& batch, Index first, Panel panel) {
  const auto rows = [&](Matrix<Scalar>& matrix) { return matrix.middleRows(panel.begin, panel.size); };
  const auto token_rows = [&](Matrix<Scalar>& matrix) {
    return matrix.middleRows(panel.begin * context_, panel.size * context_);
  };
  for (Index row = panel.begin; row < panel.begin + panel.size; ++row)
    for (Index p = 0; p < context_; ++p)
      residual_.row(row * context_ + p) =
          weights.embedding.row(batch.token(static_cast<std::size_t>(first + row), static_cast<std::size_t>(p))) +
          weights.positions.row(p);
  set_product(token_rows(keys_), token_rows(residual_), weights.key);
  set_product(token_rows(values_), token_rows(residual_), weights.value);
  set_product(rows(queries_), last(residual_, panel), weights.query);
  for (Index row = panel.begin; row < panel.begin + panel.size; ++row) {
    auto shares = attention_.row(row);
    shares.noalias() = queries_.row(row) * keys_.middleRows(row * context_, context_).transpose();
    shares /= root_of<Scalar>(keys_.cols());
    shares.array() -= shares.maxCoeff();
    elementary::replace_by_exp(shares.data(), shares.size());
    shares /= shares.sum();
    mixed_.row(row).noalias() = shares * values_.middleRows(row * context_, context_);
  }
  rows(hidden_) = last(residual_, panel);
  add_product(rows(hidden_), rows(mixed_), weights.output);
  set_product(rows(logits_), rows(hidden_), weights.unembedding);
}

template <class Scalar>
void AttentionOnlyGradient<Scalar>::backward(const Weights& weights, Panel panel) {
  const auto rows = [&](Matrix<Scalar>& matrix) { return matrix.middleRows(panel.begin, panel.size); };
  const auto token_rows = [&](Matrix<Scalar>& matrix) {
    return matrix.middleRows(panel.begin * context_, panel.size * context_);
  };
  set_product(rows(hidden_gradient_), rows(logits_), weights.unembedding.transpose());
  set_product(rows(mixed_gradient_), rows(hidden_gradient_), weights.output.transpose());
  for (Index row = panel.begin; row < panel.begin + panel.size; ++row) {
    const Index begin = row * context_;
    const auto shares = attention_.row(row);
    const auto mixed_gradient = mixed_gradient_.row(row);
    values_gradient_.middleRows(begin, context_).noalias() = shares.transpose() * mixed_gradient;
    Eigen::Matrix<Scalar, 1, Eigen::Dynamic> scores = mixed_gradient * values_.middleRows(begin, context_).transpose();
    scores = (shares.array() * (scores.array() - shares.dot(scores))).matrix() / root_of<Scalar>(keys_.cols());
    keys_gradient_.middleRows(begin, context_).noalias() = scores.transpose() * queries_.row(row);
    queries_gradient_.row(row).noalias() = scores * keys_.middleRows(begin, context_);
  }
  set_product(token_rows(residual_gradient_), token_rows(keys_gradient_), weights.key.transpose());
  add_product(token_rows(residual_gradient_), token_rows(values_gradient_), weights.value.transpose());
  for (Index row = panel.begin; row < panel.begin + panel.size; ++row) {
    auto of_last = residual_gradient_.row(row * context_ + context_ - 1);
    of_last += hidden_gradient_.row(row);
    of_last.noalias() += queries_gradient_.row(row) * weights.query.transpose();
  }
}

// Each piece of work owns what it writes, and adds its rows in order.
template <class Scalar>
void AttentionOnlyGradient<Scalar>::add_gradient(const Batch& batch, Index first, Index rows, unsigned threads,
                                                 Weights& gradient) const {
  const Index tokens = rows * context_;
  std::vector<std::function<void()>> pieces = {
      [&] { add_product(gradient.key, residual_.topRows(tokens).transpose(), keys_gradient_.topRows(tokens)); },
      [&] { add_product(gradient.value, residual_.topRows(tokens).transpose(), values_gradient_.topRows(tokens)); },
      [&] {
        add_product(gradient.query, last(residual_, {0, rows}).transpose(), queries_gradient_.topRows(rows));
      },
      [&] { add_product(gradient.output, mixed_.topRows(rows).transpose(), hidden_gradient_.topRows(rows)); },
      [&] {
        for (Index row = 0; row < tokens; ++row) {
          gradient.embedding.row(batch.tokens[static_cast<std::size_t>(first * context_ + row)]) +=
              residual_gradient_.row(row);
          gradient.positions.row(row % context_) += residual_gradient_.row(row);
        }
      }};
  const Index vocabulary = gradient.unembedding.cols();
  for (std::size_t number = 0; number < panels(vocabulary, panel_columns); ++number)
    pieces.emplace_back([&, columns = panel(number, vocabulary, panel_columns)] {
      add_product(gradient.unembedding.middleCols(columns.begin, columns.size), hidden_.topRows(rows).transpose(),
                  logits_.block(0, columns.begin, rows, columns.size));
    });
  const bool one_panel = panels(rows, panel_rows) == 1; // not worth a thread
  for_each_piece(pieces.size(), one_panel ? 1 : threads, [&](std::size_t piece) { pieces[piece](); });
}

template class AttentionOnlyGradient<float>;
template class AttentionOnlyGradient<double>;

} // namespace proofmark
