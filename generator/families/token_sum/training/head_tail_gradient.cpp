#include "families/token_sum/training/head_tail_gradient.hpp"

#include "numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace proofmark {

namespace {

std::size_t at(Eigen::Index index) {
  return static_cast<std::size_t>(index);
}

} // namespace

template <class Scalar>
TokenSumHeadTailGradient<Scalar>::TokenSumHeadTailGradient(std::uint64_t vocabulary, std::uint64_t width,
                                                           std::uint64_t head)
    : vocabulary_(static_cast<Index>(vocabulary)), head_(static_cast<Index>(std::min(head, vocabulary))),
      layers_(vocabulary, width) {}

template <class Scalar>
double TokenSumHeadTailGradient<Scalar>::compute(const TokenSumWeights<Scalar>& weights, const Batch& batch,
                                                 TokenSumWeights<Scalar>& gradient, unsigned threads) {
  find_rows(batch);
  reserve();
  const TokenRows tokens{tokens_, 1};
  for_each_panel(tokens.size(), threads, [&](Panel panel) {
    layers_.forward(weights, tokens, panel, logits_);
    for (Index row = panel.begin; row < panel.begin + panel.size; ++row) {
      find_head(row);
      if (context_ == 2) find_tail(row);
    }
  });
  for_each_panel(size_, threads, [&](Panel panel) {
    Row scratch(vocabulary_);
    for (Index input = panel.begin; input < panel.begin + panel.size; ++input) bound(input, scratch);
  });
  for_each_panel(tokens.size(), threads, [&](Panel panel) {
    Row scratch(vocabulary_);
    for (Index row = panel.begin; row < panel.begin + panel.size; ++row) {
      add_tails(row, scratch);
      add_heads(row);
    }
    layers_.backward(weights, gradient_, panel);
  });
  layers_.set_zero(gradient);
  layers_.add_gradient(tokens, gradient_, threads, gradient);
  return std::accumulate(bounds_.begin(), bounds_.end(), 0.0) / static_cast<double>(size_);
}

template <class Scalar>
void TokenSumHeadTailGradient<Scalar>::find_rows(const Batch& batch) {
  context_ = static_cast<Index>(batch.context);
  size_ = static_cast<Index>(batch.size());
  labels_ = batch.labels;

  tokens_ = batch.tokens;
  std::sort(tokens_.begin(), tokens_.end());
  tokens_.erase(std::unique(tokens_.begin(), tokens_.end()), tokens_.end());
  std::vector<Index> row_of(at(vocabulary_));
  for (std::size_t row = 0; row < tokens_.size(); ++row) row_of[tokens_[row]] = static_cast<Index>(row);

  rows_.resize(batch.tokens.size());
  first_use_.assign(tokens_.size() + 1, 0);
  for (std::size_t input = 0; input < batch.size(); ++input) {
    Index* const rows = rows_.data() + input * batch.context;
    for (std::size_t i = 0; i < batch.context; ++i) rows[i] = row_of[batch.token(input, i)];
    std::swap(*std::find(rows, rows + context_ - 1, row_of[batch.labels[input]]), rows[context_ - 1]);
    for (Index i = 0; i < context_; ++i) ++first_use_[at(rows[i]) + 1];
  }
  std::partial_sum(first_use_.begin(), first_use_.end(), first_use_.begin());

  uses_.resize(rows_.size());
  std::vector<Index> next(first_use_.begin(), first_use_.end() - 1);
  for (std::size_t place = 0; place < rows_.size(); ++place)
    uses_[at(next[at(rows_[place])]++)] = static_cast<Index>(place);
}

// Matrices have room for all rows that a batch of this size may need: fresh memory in every step would cost more
// than the arithmetic on it.
template <class Scalar>
void TokenSumHeadTailGradient<Scalar>::reserve() {
  const Index most = std::min(vocabulary_, context_ * size_), rows = static_cast<Index>(tokens_.size());
  layers_.reserve(most);
  logits_.resize(most, vocabulary_);
  gradient_.resize(most, vocabulary_);
  heads_.resize(at(rows * head_));
  tails_.resize(at(rows));
  scale_.resize(at(rows));
  pair_tails_.resize(at(2 * size_));
  columns_.resize(at(size_ * context_ * head_));
  head_weights_.resize(columns_.size());
  column_counts_.resize(at(size_));
  tail_weights_.resize(at(size_));
  bounds_.resize(at(size_));
}

// The columns of the m largest logits found so far stand in falling order; a later one must be larger to get in.
template <class Scalar>
void TokenSumHeadTailGradient<Scalar>::find_head(Index row) {
  const Scalar* const values = logits_.row(row).data();
  Index* const found = heads_.data() + row * head_;
  for (Index column = 0, count = 0; column < vocabulary_; ++column) {
    if (count == head_ && !(values[column] > values[found[head_ - 1]])) continue;
    Index place = count < head_ ? count++ : head_ - 1;
    for (; place > 0 && values[column] > values[found[place - 1]]; --place) found[place] = found[place - 1];
    found[place] = column;
  }
  std::sort(found, found + head_);
}

template <class Scalar>
template <class Values>
void TokenSumHeadTailGradient<Scalar>::set_head(Values&& values, Index row, Scalar value) const {
  for (const Index* column = head(row); column != head(row) + head_; ++column) values(*column) = value;
}

// Shifted by the largest, so that nothing overflows and the sum is at least 1. The tail may have no column at all:
// its norm is 0 then, and its logarithm -infinity.
template <class Scalar>
void TokenSumHeadTailGradient<Scalar>::find_tail(Index row) {
  auto values = gradient_.row(row).array();
  values = 2 * logits_.row(row).array();
  set_head(values, row, std::numeric_limits<Scalar>::lowest());
  const Scalar largest = values.maxCoeff();
  values -= largest;
  elementary::replace_by_exp(values.data(), values.size());
  set_head(values, row, 0);
  const Scalar sum = values.sum();
  tails_[at(row)] = elementary::log(static_cast<double>(sum)) + static_cast<double>(largest);
  scale_[at(row)] = sum > 0 ? 1 / sum : 0;
}

// 2 T_ac, in the same way.
template <class Scalar>
double TokenSumHeadTailGradient<Scalar>::pair_tail(Index a, Index c, Row& scratch) const {
  scratch = 2 * logits_.row(a).array() + logits_.row(c).array();
  for (const Index row : {a, c}) set_head(scratch, row, std::numeric_limits<Scalar>::lowest());
  const Scalar largest = scratch.maxCoeff();
  scratch -= largest;
  elementary::replace_by_exp(scratch.data(), scratch.size());
  for (const Index row : {a, c}) set_head(scratch, row, 0);
  return elementary::log(static_cast<double>(scratch.sum())) + static_cast<double>(largest);
}

// The bound of one input and the shares of its terms.
template <class Scalar>
void TokenSumHeadTailGradient<Scalar>::bound(Index input, Row& scratch) {
  const Index* const rows = rows_.data() + input * context_;
  const Index last = rows[context_ - 1];
  double* const pair_tails = pair_tails_.data() + 2 * input;
  if (context_ == 3)
    for (Index i = 0; i < 2; ++i) pair_tails[i] = pair_tail(rows[i], last, scratch);

  Index* const columns = columns_.data() + input * context_ * head_;
  Index* end = std::set_union(head(rows[0]), head(rows[0]) + head_, head(last), head(last) + head_, columns);
  if (context_ == 3) {
    const std::vector<Index> two(columns, end);
    end = std::set_union(two.begin(), two.end(), head(rows[1]), head(rows[1]) + head_, columns);
  }
  column_counts_[at(input)] = end - columns;

  const auto logit = [&](Index column) {
    double sum = 0;
    for (Index i = 0; i < context_; ++i) sum += static_cast<double>(logits_(rows[i], column));
    return sum;
  };
  const double tail = (context_ == 2 ? tails_[at(rows[0])] + tails_[at(rows[1])] : pair_tails[0] + pair_tails[1]) / 2;
  double largest = tail;
  for (const Index* column = columns; column != end; ++column) largest = std::max(largest, logit(*column));
  double sum = elementary::exp(tail - largest);
  for (const Index* column = columns; column != end; ++column) sum += elementary::exp(logit(*column) - largest);

  bounds_[at(input)] = elementary::log(sum) + largest - logit(labels_[at(input)]);
  const double share = 1 / (sum * static_cast<double>(size_));
  tail_weights_[at(input)] = static_cast<Scalar>(elementary::exp(tail - largest) * share);
  Scalar* weight = head_weights_.data() + input * context_ * head_;
  for (const Index* column = columns; column != end; ++column)
    *weight++ = static_cast<Scalar>(elementary::exp(logit(*column) - largest) * share);
}

// What the tails add to the gradient with respect to a row of logits.
template <class Scalar>
void TokenSumHeadTailGradient<Scalar>::add_tails(Index row, Row& scratch) {
  auto gradient = gradient_.row(row).array();
  const auto uses =
      std::span(uses_).subspan(at(first_use_[at(row)]), at(first_use_[at(row) + 1] - first_use_[at(row)]));
  if (context_ == 2) {
    Scalar weight = 0;
    for (const Index use : uses) weight += tail_weights_[at(use / context_)];
    gradient *= weight * scale_[at(row)];
    return;
  }
  gradient.setZero();
  for (const Index use : uses) {
    const Index input = use / context_, position = use % context_, label = input * context_ + 2;
    const auto add = [&](Index other, Scalar weight) {
      const Index a = rows_[at(input * context_ + other)], c = rows_[at(label)];
      scratch =
          2 * logits_.row(a).array() + logits_.row(c).array() - static_cast<Scalar>(pair_tails_[at(2 * input + other)]);
      elementary::replace_by_exp(scratch.data(), scratch.size());
      for (const Index head : {a, c}) set_head(scratch, head, 0);
      gradient += weight * scratch;
    };
    const Scalar weight = tail_weights_[at(input)];
    if (position < 2) {
      add(position, weight);
    } else {
      add(0, weight / 2);
      add(1, weight / 2);
    }
  }
}

// What the heads and the labels add.
template <class Scalar>
void TokenSumHeadTailGradient<Scalar>::add_heads(Index row) {
  const Scalar share = Scalar{1} / static_cast<Scalar>(size_);
  for (Index u = first_use_[at(row)]; u < first_use_[at(row) + 1]; ++u) {
    const Index input = uses_[at(u)] / context_;
    const Index first = input * context_ * head_;
    for (Index i = first; i < first + column_counts_[at(input)]; ++i)
      gradient_(row, columns_[at(i)]) += head_weights_[at(i)];
    gradient_(row, static_cast<Index>(labels_[at(input)])) -= share;
  }
}

template class TokenSumHeadTailGradient<float>;
template class TokenSumHeadTailGradient<double>;

} // namespace proofmark
