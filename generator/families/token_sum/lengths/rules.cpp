// The rules of token-sum but for head-tail@1, on shapes: docs/rules/.
#include "families/token_sum/lengths/rules.hpp"

#include "families/token_sum/lengths/multiplied_out.hpp"

#include <algorithm>
#include <stdexcept>

namespace proofmark::lengths::token_sum {
namespace {

// All outputs of inputs, of any labels.
void evaluated(Operations& payer, const Task& task, const Integer& rows, const Integer& inputs, bool correct) {
  const Tensor A{&payer, task.vocabulary, task.vocabulary}, some{&payer, inputs};
  multiplied_out(A, task.context - 1, rows);
  const Tensor own = label_logits(some);
  add_to_total_each_times(log(dots_of_pairs(columns(some, A.columns))) - own);
  if (correct) classify(some, A.columns);
}

// Of sorted inputs with a label below `labels`.
Integer sorted_rows(const Task& task, std::uint64_t labels) {
  return task.context == 1 ? Integer(labels) : binomial(labels + task.context - 2, task.context - 1);
}
Integer sorted(const Task& task, std::uint64_t labels) {
  return binomial(labels + task.context - 1, task.context);
}

void from_loss(Operations& payer, bool correct) {
  if (correct) most_of_ln_2(payer);
}

// Theorem (i), of one label.
void merge_both(Operations& payer, const Integer& y) {
  const Tensor own{&payer, y + 1}, f = own - (own + own);
  add_to_total_all_times(rows(f, y), payer);
  add_to_total_all_times(row(f), payer);
}

// Theorem (ii).
void merge_below_maximum(Operations& payer, const Task& task, const Integer& y) {
  const std::uint64_t n = task.context;
  const Tensor below{&payer, y, task.vocabulary}, own{&payer, y + 1};
  const auto times = [&](const Tensor& x) { return x * numbers(payer, 1); };
  repeated(payer, n - 1, [&] { products(row(below)); });
  add_to_total_all_times(log(sum(row(below))) - times(row(own)), payer);
  if (n == 1 || y == 0) return;
  repeated(payer, n - 1, [&] {
    const Tensor Z = dots(below, row(below)), linear = times(rows(own, y)) + times(rows(own, y));
    add_to_total_all_times(log(Z) - linear, payer);
  });
  repeated(payer, n - 2, [&] { products(below); });
}

} // namespace

void prepare(Operations& payer, const Shape& shape) {
  const Integer V = shape.task.vocabulary, d = shape.width;
  const Tensor E = numbers(payer, V, d), W = numbers(payer, d, d), U = numbers(payer, d, V);
  const Tensor M = product(product(E, W), U);
  largest(copied(M));
  exp(copied(sums(M)));
}

void add_squares(Operations& payer, const Task& task) {
  log(dots_of_pairs({&payer, task.vocabulary, task.vocabulary}));
}

void add_blocks(Operations& payer, const Task& task, std::uint64_t blocks) {
  const Integer V = task.vocabulary;
  const Tensor u = numbers(payer, V), A{&payer, V, V};
  inverse(numbers(payer, blocks));
  products(rows(sums(A * u), blocks)); // means
  log(u);
}

void enumeration(Operations& payer, const Task& task, LabelRange labels, bool correct) {
  Integer rows;
  for (std::uint64_t y = labels.from; y < labels.to; ++y) rows += power(y + 1, task.context - 1);
  evaluated(payer, task, rows, inputs_in(task, labels), correct);
}

void symmetry(Operations& payer, const Task& task, LabelRange labels, bool correct) {
  evaluated(payer, task, sorted_rows(task, labels.to) - sorted_rows(task, labels.from),
            sorted(task, labels.to) - sorted(task, labels.from), correct);
}

void convexity(Operations& payer, const Task& task, LabelRange labels, bool correct) {
  for (std::uint64_t y = labels.from; y < labels.to; ++y) {
    if (task.context == 2)
      merge_both(payer, y);
    else
      merge_below_maximum(payer, task, y);
    from_loss(payer, correct);
  }
}

void block_jensen(Operations& payer, const Task& task, const std::vector<LabelRange>& blocks, LabelRange labels,
                  bool correct) {
  for (std::size_t j = 0; j < blocks.size(); ++j) {
    if (blocks[j].from < labels.from || blocks[j].from >= labels.to) continue;
    add_to_total_each_times(log(dots_of_pairs({&payer, j + 1, task.vocabulary})));
    for (std::uint64_t y = blocks[j].from; y < blocks[j].to; ++y) {
      const Tensor own = sums({&payer, y + 1}); // L + ln u
      add_to_total_all_times(rows(own, y), payer);
      add_to_total_all_times(row(own), payer);
    }
    from_loss(payer, correct);
  }
}

} // namespace proofmark::lengths::token_sum

namespace proofmark {

namespace {

using namespace lengths::token_sum;

Operations tables(const Shape& shape, std::span<const std::string_view> rules, const Hints& hints) {
  const auto cites = [&](std::string_view rule) { return std::ranges::find(rules, rule) != rules.end(); };
  Operations count;
  prepare(count, shape);
  if (cites("convexity@1") && shape.task.context == 2) add_squares(count, shape.task);
  if (cites("block-jensen@1")) add_blocks(count, shape.task, hints.blocks.size());
  if (cites("head-tail@1")) add_head_tail(count, *hints.head_tail);
  return count;
}

Operations step(const Task& task, std::string_view rule, LabelRange labels, const Hints& hints, bool correct) {
  Operations count;
  if (rule == "enumeration@1")
    enumeration(count, task, labels, correct);
  else if (rule == "symmetry@1")
    symmetry(count, task, labels, correct);
  else if (rule == "convexity@1")
    convexity(count, task, labels, correct);
  else if (rule == "block-jensen@1")
    block_jensen(count, task, hints.blocks, labels, correct);
  else if (rule == "head-tail@1")
    head_tail(count, *hints.head_tail, labels, correct);
  else
    throw std::logic_error("no such rule");
  return count;
}

} // namespace

const DryRuns token_sum_lengths{.tables = tables, .step = step};

} // namespace proofmark
