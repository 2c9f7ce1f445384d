// The rules that bound the accuracy alone, on shapes: near-far@1, band@1, cubic@1, subcubic@1. What a test decides charges nothing.
#include "families/attention_only/lengths/parts.hpp"

namespace proofmark::lengths::attention {

void near_far(Operations& payer, const Task& task, const Hints& hints, std::uint64_t m, bool) {
  const Outputs of(payer, task);
  const Columns columns = hard_columns(of, hints, m);
  for_queries(payer, task, m, columns.entries_each(), [&](const Queries& q) {
    const SlotWeights weights(q);
    const Slots slots(columns, weights);
    const Tensor own = weighed(weights.own(), slots.own);
    for (std::uint64_t x = 0; x < task.context; ++x) {
      weighed(weights.T(), slots.main);
      if (columns.c > 0) weighed(copied(slots.r) * slots.r, slots.near);
      if (columns.f > 0) weighed(weights.T() * slots.rho, positive_part(slots.far));
    }
    for_cells(task, q, columns, [&](const Cells& cell) {
      Tensor base = own + slots.main;
      if (cell.far) base = base + slots.far;
      if (cell.near > 0) base = slots.near + base;
      passing(base);
    });
  });
}

void band(Operations& payer, const Task& task, const Hints& hints, std::uint64_t m, bool) {
  const Outputs of(payer, task);
  const Columns columns = hard_columns(of, hints, m);
  for_queries(payer, task, m, columns.entries_each(), [&](const Queries& q) {
    const SlotWeights weights(q);
    const Slots slots(columns, weights);
    Tensor base = weighed(weights.own(), slots.own);
    if (q.below) base = base + weighed(weights.T(), slots.main);
    passing(base + weighed(weights.T(), slots.main));
    if (columns.c > 0) passing(weighed(copied(slots.r) * slots.r, slots.near) + base);
    if (columns.f > 0) passing(base + weighed(weights.T() * slots.rho, positive_part(slots.far)));
  });
}

void cubic(Operations& payer, const Task& task, const Hints&, std::uint64_t m, bool) {
  const Outputs of(payer, task);
  const Tensor u = of.largest_u(m + 1);
  largest(of.y(of.wrong, m + 1));
  for_queries(payer, task, m, m, [&](const Queries& q) {
    const SlotWeights weights(q);
    const Tensor alpha = q.of(u) + q.of(u);
    const Tensor fixed = weights.T() * alpha + weights.own() * (q.of(u) + q.of(u));
    const Tensor each = sums(columns(alpha, m)), more = weights.r(m) * each - alpha;
    for (std::uint64_t s = 1; m > 0 && s + (q.below ? 1 : 0) < task.context; ++s)
      passing(in_one_column(weighed(weights.T(), more) + fixed));
    is_label_alone_correct(of, weights);
  });
}

void subcubic(Operations& payer, const Task& task, const Hints& hints, std::uint64_t m, bool) {
  const Outputs of(payer, task);
  const std::uint64_t V = task.vocabulary, n = task.context;
  largest(of.y(of.wrong, 1)), largest(of.P(of.wrong));
  largest_so_far(transposed(of.largest_v(m + 1)));
  const auto has_gap = [&](std::uint64_t q, std::uint64_t s) { // unknown: where there may be one
    return hints.gaps.empty() ? (q < m ? s + 1 < n : s > 0 && m > 0) : hints.gaps[(m * V + q) * n + s] > 0;
  };
  const auto step = [&](std::uint64_t from, std::uint64_t to, std::uint64_t s) {
    std::uint64_t gaps = 0;
    for (std::uint64_t q = from; q < to; ++q) gaps += has_gap(q, s) ? 1 : 0;
    if (gaps == 0) return;
    sums({&payer, to - from}); // T and b_(n-1), or R
    const Tensor each{&payer, gaps};
    const Tensor h = copied(each), far = (h + each) + copied(each);
    const Tensor rho = exp(copied(each) - copied(each));
    signs(copied(each) * (h + each) + copied(each) * rho * positive_part(far));
  };
  for (std::uint64_t s = 0; s < n; ++s) {
    if (n > 1)
      for (std::uint64_t q = 0; q < m; q += most_entries) step(q, std::min(q + most_entries, m), s);
    step(m, m + 1, s);
  }
  for_queries(payer, task, m, 1, [&](const Queries& q) {
    const SlotWeights weights(q);
    if (!q.below) is_label_alone_correct(of, weights);
  });
}

} // namespace proofmark::lengths::attention
