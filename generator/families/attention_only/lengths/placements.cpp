// placements@1, on shapes.
#include "families/attention_only/lengths/parts.hpp"

namespace proofmark::lengths::attention {
namespace {

// Placements of one kind, for one query: what each costs.
struct Placement {
  const SlotWeights& weights;
  std::uint64_t c, f;             // near tokens, far ones
  std::uint64_t label, near, far; // so many free slots hold them
  bool full;
  Tensor one, u; // [1 x 1], [1 x W]

  void near_slot() const {
    const Tensor r = rows(one, c);
    weighed(copied(r) * r, rows(u, c) + u);
  }
  // Sums over a query's rows: what is added takes as many steps as there are rows.
  void close() const {
    const Tensor N = rows(u, full ? power(c, near) : Integer(c)), D = column(N);
    numbers(*weights.queries.batch, 1);
    copied(N), copied(D);
    repeated(weights.queries, full ? near : 1, [&] { sums(N), sums(D); });
    const Tensor margins = weighed(inverse(D), N);
    if (far > 0) {
      const Tensor a = share(copied(D), D);
      for (int side = 0; side < 2; ++side) moved(margins, copied(N), a);
      log_one_plus_sum_exp(margins);
      if (full) log_one_plus_sum_exp(margins);
    }
    const Tensor L = log_one_plus_sum_exp(margins);
    sums(L), sums(L), sums(D);
    if (full)
      sums(L);
    else
      sums(D * L), sums(D * L);
    passing(margins);
  }
  Tensor mean() const { return full ? one : times_inverse_of_number(one, *weights.queries.batch); }
  Tensor mix(bool beside) const {
    if (full) return mean();
    Tensor product = mean() * mean();
    if (beside) product = larger(mean(), product);
    return inverse(one * one) * (one * mean() + one * product);
  }
  void run() const {
    weighed(one, u + u + u); // the query's slot
    repeated(weights.queries, label, [&] { sums(u), sums(one); });
    const Tensor S = weights.sum_of_b(near);
    Operations& batch = *weights.queries.batch;
    if (!full) highest(numbers(batch, near, u.columns)), near_slot();
    if (far > 0) {
      const Tensor pi = numbers(batch, far, u.columns), v = rows(pi, f);
      products(weights.sum_of_b(far)), weights.rho();
      for (int side = 0; side < 2; ++side) sums(u), highest(v) + highest(pi);
    }
    close();
    repeated(weights.queries, near, [&] { sums(products(S)), sums(products(weights.sum_of_b(near - 1))); });
    Tensor bound = mix(far > 0);
    if (far > 0) bound = larger(bound, mix(false) + one * weights.mean_r(f) * mean() * log_one_plus_sum_exp(u));
    add_to_total_all_times(bound, batch);
    if (full) add_to_total_all_times(bound, batch);
  }
};

} // namespace

void placements(Operations& payer, const Task& task, const Hints& hints, std::uint64_t m, bool) {
  const std::uint64_t free = task.context - 1, c = hints.near[m], f = m - c, e = hints.filled[m];
  const Outputs of(payer, task);
  of.v(of.wrong, m + 1), of.pi(of.wrong);
  const Integer rows_each = std::min<Integer>(most_entries, std::max<Integer>(c, power(c, e)));
  for_queries(payer, task, m, rows_each * of.wrong, [&](const Queries& q) {
    const SlotWeights weights(q);
    const Tensor u = relative(*q.query, 1, of.wrong);
    weights.r(c);
    sums(copied(rows(u, c)));
    const auto placement = [&](std::uint64_t x, std::uint64_t s, std::uint64_t far) {
      return Placement{weights, c, f, x, s, far, s <= e, column(u), u};
    };
    for (std::uint64_t p = 0; p < free; ++p) {
      relative(*q.batch, 1, of.wrong);
      weighed(weights.b(), sums(u));
      placement(0, 0, 0).near_slot();
    }
    for (std::uint64_t x = q.below ? 1 : 0; x <= free; ++x)
      for (std::uint64_t s = 0; x + s <= free; ++s) {
        const std::uint64_t far = free - x - s;
        if ((s > 0 && c == 0) || (far > 0 && f == 0)) continue;
        repeated(q, binomial(free, x) * binomial(free - x, s), [&] { placement(x, s, far).run(); });
      }
  });
}

} // namespace proofmark::lengths::attention
