// soft-near-far@1, on shapes.
#include "families/attention_only/lengths/parts.hpp"

namespace proofmark::lengths::attention {
namespace {

struct Part {
  Tensor weight, beyond;
};

} // namespace

void soft_near_far(Operations& payer, const Task& task, const Hints& hints, std::uint64_t m, bool) {
  const Outputs of(payer, task);
  const Columns columns = soft_columns(of, hints, m);
  const Integer c = columns.c, f = columns.f;
  for_queries(payer, task, m, columns.entries_each(), [&](const Queries& q) {
    const SlotWeights weights(q);
    const Slots slots(columns, weights);
    const Tensor beyond = slots.own - slots.main, one = weights.own();
    sums(slots.own); // once more, of pairs
    copied({q.query, c, task.context}), copied(rows(one, c)), copied(rows(beyond, c)), copied(slots.near);
    if (f > 0) copied(rows(one, c)), copied(rows(slots.far, c));
    if (c > 0) sums(slots.near);
    if (f > 0) weights.mean_r(f) * log_one_plus_sum_exp(slots.far);

    for_cells(task, q, columns, [&](const Cells& cell) {
      const Integer each = cell.near > 0 ? c : Integer(1);
      const Tensor y = rows(slots.main, each), label = column(y);
      std::vector<Part> parts;
      if (q.below)
        parts.push_back({label, y});
      else
        sums(label);
      if (cell.near > 0) parts.push_back({products(label), y});
      Tensor D = label;
      for (const Part& part : parts) D = D + part.weight;
      Tensor margins = y;
      for (const Part& part : parts) {
        for (std::size_t others = 1; others < parts.size(); ++others) sums(label);
        margins = margins + weighed(share(part.weight, label), part.beyond);
      }
      const auto mean = [&](const Tensor& x) { return cell.near > 0 ? means(x, *q.batch) : x; };
      const auto mix = [&](const Tensor& L) {
        if (cell.near < 2) return mean(L);
        return larger(mean(L), mean(D * L) * mean(inverse(D)));
      };
      Tensor bound = mix(log_one_plus_sum_exp(margins));
      if (cell.far) {
        const Tensor a = share(products(label), D);
        const Tensor worst = log_one_plus_sum_exp(moved(margins, y, a));
        bound = larger(mix(worst), bound + mean(inverse(D)) * bound * bound);
      }
      add_to_total_all_times(bound, *q.batch);
    });
  });
  most_of_ln_2(payer);
}

} // namespace proofmark::lengths::attention
