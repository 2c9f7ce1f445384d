#include "families/token_sum/bounds/block_jensen.hpp"

#include "families/token_sum/bounds/products.hpp"
#include "families/token_sum/bounds/reference_sums.hpp"
#include "numbers/elementary.hpp"
#include "support/interrupt.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace proofmark {

namespace {

using Index = Eigen::Index;

constexpr int turns = 24;

std::uint64_t size(LabelRange block) {
  return block.to - block.from;
}

// B_I[k] = sum_{a in I} u_a A[a,k]  [B x V]: a multiplication and at most |I| additions an entry.
MatrixD block_sums(const TokenSumTables& tables, const BlockJensen& witness, unsigned threads) {
  const auto V = static_cast<Index>(tables.task.vocabulary);
  MatrixD sums = MatrixD::Zero(static_cast<Index>(witness.blocks.size()), V);
  for_each_piece(witness.blocks.size(), threads, [&](std::size_t i) {
    for (std::uint64_t a = witness.blocks[i].from; a < witness.blocks[i].to; ++a)
      sums.row(static_cast<Index>(i)) += witness.multipliers[a] * tables.exponentials.row(static_cast<Index>(a));
  });
  return sums;
}

// A term passes one multiplication, at most `panel` additions, and one addition for each later panel.
double inner_product(const MatrixD& sums, std::size_t i, std::size_t j) {
  const auto own = sums.row(static_cast<Index>(i)), other = sums.row(static_cast<Index>(j));
  double x = 0;
  for (Index k = 0; k < sums.cols(); k += static_cast<Index>(panel)) {
    const Index length = std::min(static_cast<Index>(panel), sums.cols() - k);
    x += own.segment(k, length).dot(other.segment(k, length));
  }
  return x;
}

// The bounds without label terms, one a block, from ln( B_i · B_j ) and the exact logarithms of the multipliers.
std::vector<Interval> bounds_of_blocks(const BlockJensen& witness,
                                       const std::function<Interval(std::size_t i, std::size_t j)>& log_of_product) {
  std::vector<Interval> result;
  Interval before; // sum_{a<p} ln u_a
  for (std::size_t j = 0; j < witness.blocks.size(); ++j) {
    const LabelRange own = witness.blocks[j];
    Interval sum, within;
    for (std::size_t i = 0; i <= j; ++i) {
      const Integer pairs = Integer(size(witness.blocks[i])) * size(own);
      sum += enclose(i < j ? Integer(2 * pairs) : pairs) * (log_of_product(i, j) - log(enclose(pairs)));
    }
    for (std::uint64_t a = own.from; a < own.to; ++a) within += log(enclose(witness.multipliers[a]));
    result.push_back(sum - enclose(Integer(2 * size(own))) * before - enclose(Integer(2 * own.to)) * within);
    before += within;
  }
  return result;
}

// `labels` has the label terms; the blocks' bounds are added, and inputs counted by way of the loss.
void add_bounds(const Task& task, const BlockJensen& witness, const std::vector<Interval>& bounds, bool count_correct,
                std::vector<LabelSum>& labels) {
  for (std::size_t j = 0; j < bounds.size(); ++j) {
    const LabelRange block = witness.blocks[j];
    LabelSum& last = labels[block.to - 1];
    last.loss += bounds[j];
    if (!count_correct) continue;
    LabelSum whole;
    for (std::uint64_t y = block.from; y < block.to; ++y) {
      whole.loss += labels[y].loss;
      whole.label_terms += labels[y].label_terms;
    }
    last.correct = correct_by_loss(task, block, whole);
  }
}

} // namespace

BlockJensen find_block_jensen(const TokenSumTables& tables, std::vector<LabelRange> blocks, unsigned threads) {
  const std::uint64_t V = tables.task.vocabulary;
  BlockJensen witness{std::move(blocks), std::vector<double>(V)};
  for (std::uint64_t a = 0; a < V; ++a)
    witness.multipliers[a] = 1 / tables.exponentials.row(static_cast<Index>(a)).norm();
  std::vector<std::size_t> block_of(V);
  for (std::size_t i = 0; i < witness.blocks.size(); ++i)
    for (std::uint64_t a = witness.blocks[i].from; a < witness.blocks[i].to; ++a) block_of[a] = i;
  for (int turn = 0; turn < turns; ++turn) {
    stop_if_interrupted();
    const MatrixD sums = block_sums(tables, witness, threads);
    MatrixD weight = sums * sums.transpose(); // 2 |I| |J| / (B_I · B_J)
    for (Index i = 0; i < weight.rows(); ++i)
      for (Index j = 0; j < weight.cols(); ++j)
        weight(i, j) = 2.0 * static_cast<double>(size(witness.blocks[static_cast<std::size_t>(i)])) *
                       static_cast<double>(size(witness.blocks[static_cast<std::size_t>(j)])) / weight(i, j);
    const MatrixD weighted = weight * sums; // [B x V]
    for_each_piece(V, threads, [&](std::size_t a) {
      const double share =
          witness.multipliers[a] *
          tables.exponentials.row(static_cast<Index>(a)).dot(weighted.row(static_cast<Index>(block_of[a])));
      const double next = witness.multipliers[a] * std::sqrt(2 * static_cast<double>(V) / share);
      if (std::isfinite(next)) witness.multipliers[a] = std::clamp(next, 0x1p-100, 0x1p100);
    });
  }
  return witness;
}

BlockJensen plain_block_jensen(const std::vector<Interval>& logits, const Task& task, std::vector<LabelRange> blocks) {
  const std::uint64_t V = task.vocabulary;
  const std::vector<Interval> shift = reference_shifts(logits, V);
  BlockJensen witness{std::move(blocks), {}};
  for (std::uint64_t a = 0; a < V; ++a) {
    double square = 0; // at least 1: one entry of the row is
    for (std::uint64_t k = 0; k < V; ++k) square += elementary::exp(2 * upper_double(logits[a * V + k] - shift[a]));
    witness.multipliers.push_back(1 / std::sqrt(std::max(1.0, square)));
  }
  return witness;
}

Witnesses witnesses(const BlockJensen& witness) {
  std::vector<std::uint16_t> starts;
  for (const LabelRange block : witness.blocks) starts.push_back(static_cast<std::uint16_t>(block.from));
  return {{"blocks", proofmark::witness<std::uint16_t>({starts.size()}, starts)},
          {"block-multipliers", proofmark::witness<double>({witness.multipliers.size()}, witness.multipliers)}};
}

std::vector<LabelSum> block_jensen_sums(const TokenSumTables& tables, const BlockJensen& witness,
                                        const LabelSumOptions& options) {
  const Task& task = tables.task;
  const std::uint64_t V = task.vocabulary;
  const MatrixD sums = block_sums(tables, witness, options.threads);
  const std::vector<Interval> bounds = bounds_of_blocks(witness, [&](std::size_t i, std::size_t j) {
    // Roundings on the way from A to the product, each of relative size 2^-52 at most in any mode, twice over; the
    // errors of A are in the label terms' error for each input. Entries raised to Exponential::tiny only raise it.
    const double roundings =
        static_cast<double>(size(witness.blocks[i]) + size(witness.blocks[j]) + panel + V / panel + 8);
    return widen(log(enclose(inner_product(sums, i, j))), enclose(roundings * 0x1p-51));
  });
  std::vector<LabelSum> labels;
  for (std::uint64_t y = 0; y < V; ++y) labels.push_back(with_label_terms(tables, y, {}));
  add_bounds(task, witness, bounds, options.count_correct, labels);
  return labels;
}

std::vector<LabelSum> reference_block_jensen_sums(const std::vector<Interval>& logits, const Task& task,
                                                  const BlockJensen& witness, const LabelSumOptions& options) {
  const std::uint64_t V = task.vocabulary;
  const std::vector<Interval> shift = reference_shifts(logits, V);
  std::vector<std::vector<Interval>> sums(witness.blocks.size(), std::vector<Interval>(V));
  for_each_piece(witness.blocks.size(), options.threads, [&](std::size_t i) {
    for (std::uint64_t a = witness.blocks[i].from; a < witness.blocks[i].to; ++a)
      for (std::uint64_t k = 0; k < V; ++k)
        sums[i][k] += enclose(witness.multipliers[a]) * exp(logits[a * V + k] - shift[a]);
  });
  const std::vector<Interval> bounds = bounds_of_blocks(witness, [&](std::size_t i, std::size_t j) {
    Interval x;
    for (std::uint64_t k = 0; k < V; ++k) x += sums[i][k] * sums[j][k];
    return log(x);
  });
  std::vector<LabelSum> labels(V);
  for (std::uint64_t y = 0; y < V; ++y)
    labels[y].loss = labels[y].label_terms = reference_label_terms(logits, shift, task, y);
  add_bounds(task, witness, bounds, options.count_correct, labels);
  return labels;
}

} // namespace proofmark
