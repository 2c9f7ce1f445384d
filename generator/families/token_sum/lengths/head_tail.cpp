// head-tail@1, on shapes: docs/rules/head-tail.md.
#include "families/token_sum/lengths/heads.hpp"
#include "families/token_sum/lengths/multiplied_out.hpp"
#include "families/token_sum/lengths/rules.hpp"

#include <algorithm>

namespace proofmark::lengths::token_sum {
namespace {

// Tails of tokens: roots of sums over lists, level by level.
void norms(Operations& payer, const HeadTail& h, const TailLists& lists, std::uint64_t tokens) {
  const std::uint64_t levels = h.bounded_levels();
  const Tensor tail{&payer, tokens, h.group_count()};
  if (levels > 0) dots_of_lists(tail, lists.outputs, lists.additions);
  for (std::uint64_t level = 0; level < levels; ++level) root(level == 0 ? tail : tail + tail);
}
void tails(Operations& payer, const HeadTail& h, std::uint64_t tokens, std::optional<std::uint64_t> label) {
  const TailLists lists = tail_lists(h, tokens, label);
  norms(payer, h, lists, tokens);
  if (!h.weights.empty()) norms(payer, h, lists, tokens);
}

// T of all labels.
void totals(const Tensor& A, std::uint64_t n) {
  numbers(*A.payer, 1);
  const Tensor next = sums(products(A)); // sums before each row
  Tensor power = next, h = next + next;
  for (std::uint64_t i = 2; i < n; ++i) {
    power = power * next;
    h = h * next + power;
  }
  sums(dots_of_pairs(h));
}

// The inputs of one level.
void close(Operations& payer, const HeadTail& h, const OfLevel& some, bool correct) {
  const std::uint64_t n = h.task.context;
  const Integer V = h.task.vocabulary;
  const bool exact = h.exact(some.level);
  const Tensor inputs{&payer, some.inputs}, own = label_logits(inputs);
  const Tensor L =
      exact ? dots_of_pairs(columns(inputs, V)) : dots_of_lists(inputs, some.outputs, some.outputs - some.inputs);
  Tensor U = L;
  if (!exact) {
    const Tensor tails = columns(inputs, h.group_count());
    product_at(tails, std::max<std::uint64_t>(1, n - 2), some.rows);
    U = L + dots_of_pairs(tails);
  }
  add_to_total_each_times(log(L) - own);
  if (some.multiplied) {
    const Tensor of_rows = product_at(inputs, n - 1, some.rows);
    products(copied(of_rows));
    const Tensor m = products(entries_of_each(inputs)), z = larger(U, larger(L, inverse(m)));
    add_to_total_each_times(log(z) - m * z - own);
  } else {
    add_to_total_each_times(log(U) - own);
  }
  if (!correct) return;
  if (exact) {
    classify(inputs, V);
  } else {
    const Tensor share = products(entries_of_each(inputs));
    count_signs(U - (share + share));
  }
}

} // namespace

void add_head_tail(Operations& payer, const HeadTail& h) {
  const std::uint64_t V = h.task.vocabulary, n = h.task.context;
  const Tensor A{&payer, V, V};
  Tensor power = A;
  for (std::uint64_t i = 2; i < n; ++i) power = power * A;
  if (!h.weights.empty()) {
    inverse(numbers(payer, 1, V));
    products(power), products(power);
  }
  if (n == 2) tails(payer, h, V, {});
  if (!h.multipliers()) return;
  numbers(payer, V), numbers(payer, V);
  totals(A, n);
}

void head_tail(Operations& payer, const HeadTail& h, LabelRange labels, bool correct) {
  const std::uint64_t V = h.task.vocabulary, n = h.task.context;
  for (std::uint64_t y = labels.from; y < labels.to; ++y) {
    if (n > 2) tails(payer, h, y + 1, y);
    multiplied_out({&payer, V, V}, n - 1, binomial(y + n - 2, n - 2));
    for (const OfLevel& some : inputs_of_label(h, y)) close(payer, h, some, correct);
    if (h.multipliers()) add_to_total(products({&payer, 1}));
  }
}

} // namespace proofmark::lengths::token_sum

namespace proofmark {

Operations head_tail_input(const HeadTail& h, std::size_t level, std::uint64_t outputs, bool correct) {
  Operations count;
  lengths::token_sum::close(count, h, {level, h.multipliers(), 1, outputs, 0}, correct);
  return count;
}

} // namespace proofmark
