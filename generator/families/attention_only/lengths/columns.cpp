// Columns and slots, on shapes: docs/rules/attention/README.md, "Columns".
#include "families/attention_only/lengths/parts.hpp"

namespace proofmark::lengths::attention {
namespace {

template <class Together> // along the outputs of the tail
Columns finish(const Outputs& of, const Hints& hints, std::uint64_t m, const Integer& tail, const Tensor& u,
               const Tensor& y, Together together) {
  const Integer c = hints.near[m], f = m - c;
  Tensor main = u + row(y);
  if (!hints.joint.empty() && hints.joint[m] != 0)
    main = beside(columns(main, main.columns - 1), together(of.u(tail, m + 1) + of.y(tail, 1)));
  return {c, f, u.columns, u, y, main, f > 0 ? highest(rows(y, f)) : row(y)};
}

} // namespace

Columns hard_columns(const Outputs& of, const Hints& hints, std::uint64_t m) {
  const Integer heads = hints.heads, tail = of.wrong - heads, f = m - hints.near[m];
  Tensor y = largest(of.y(tail, m + 1 - f));
  if (f > 0) { // of far tokens, by what is cheap
    const Tensor P = largest(of.P(of.wrong));
    y = above(rows(of.largest_v(m + 1), f) + P, y);
  }
  return finish(of, hints, m, tail, beside(of.u(heads, m + 1), of.largest_u(m + 1)), beside(of.y(heads, m + 1), y),
                [](const Tensor& x) { return largest(x); });
}

Columns soft_columns(const Outputs& of, const Hints& hints, std::uint64_t m) {
  const Integer heads = hints.heads, tail = of.wrong - heads;
  return finish(of, hints, m, tail, beside(of.u(heads, m + 1), largest(of.u(tail, m + 1))),
                beside(of.y(heads, m + 1), log_sum_exp(of.y(tail, m + 1))),
                [](const Tensor& x) { return log_sum_exp(x); });
}

Slots::Slots(const Columns& columns, const SlotWeights& weights)
    : main(weights.queries.of(columns.main)), own(main), near(rows(main, columns.c)), r(column(near)), far(main),
      rho(column(main)) {
  if (weights.queries.below) own = sums(main);
  if (columns.c > 0) {
    sums(copied(near));
    weights.r(columns.c);
  }
  if (columns.f > 0) {
    sums(far);
    weights.rho();
  }
}

std::vector<Cells> cells(const Task& task, const Queries& q, const Columns& columns) {
  const std::uint64_t free = task.context - 1;
  std::vector<Cells> result;
  for (std::uint64_t s = 0; s <= (columns.c > 0 ? free : 0); ++s)
    for (std::uint64_t x = q.below ? 1 : 0; x + s <= free; ++x) {
      const Cells one{std::min<std::uint64_t>(s, 2), x + s < free, 1};
      if (one.far && columns.f == 0) continue;
      const auto alike = [&](const Cells& other) { return other.near == one.near && other.far == one.far; };
      if (const auto found = std::ranges::find_if(result, alike); found != result.end())
        found->count += 1;
      else
        result.push_back(one);
    }
  return result;
}

} // namespace proofmark::lengths::attention
