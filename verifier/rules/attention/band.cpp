// band@1: all free positions but one on one token, token by token. Accuracy, from below.
//
// Theorem. Near tokens are f .. m-1, far ones 0 .. f-1; columns j are the heads and the pseudo-output of L6. For a query q < m one
// free position holds the label and s = n-2 are left; for q = m there is no such position and s = n-1. With
//   base_j = r_q b_(n-1) (u + v[q])_j + T_1 (u + v[m])_j                                             (q = m: the first term alone)
// the label passes if base_j + T_s (u + v[m])_j < 0, all far tokens if base_j + T_s max_{t<f} r_t max(0, (u + Y)_j) < 0, a near
// token k if base_j + T_s r_k (u + v[k])_j < 0, each for every j and all that the sums T of so many b may be (L7). If the label
// passes, and a tokens with it, at least a^(n-1) - (a-1)^(n-1) inputs are correct, a^(n-1) if q = m.
// Proof: docs/rules/attention/band.md.
#include "columns.hpp"

namespace verifier::rules::attention {

Result band(Kernel& k, const Problem& problem, Token m) {
  const Columns columns = hard_columns(k, problem, m);
  const std::size_t free = problem.n - 1;
  Result result;
  for (const Queries& q : queries(problem, m, columns.entries_each())) {
    const PositionWeights weights(k, problem, m, q);
    const Positions positions(columns, weights, m, q);
    Real base = weighed(weights.own(), positions.own);
    if (q.below) base = base + weighed(weights.T(1), positions.main);
    const Positive T = weights.T(q.below ? free - 1 : free);
    const auto label = passing(base + weighed(T, positions.main), q);
    std::vector<std::uint64_t> near(q.count(), 0), far = near;
    if (columns.c > 0) {
      const Real all = weighed(rows_at(T, positions.pairs.query) * *positions.r, *positions.near);
      near = passing(plus_rows_at(all, base, positions.pairs.query), q);
    }
    if (columns.f > 0) far = passing(base + weighed(T * *positions.rho, positive_part(*positions.far)), q);
    for (std::size_t i = 0; i < q.count(); ++i) {
      if (label[i] == 0) continue;
      const std::uint64_t a = 1 + columns.f * far[i] + near[i];
      result.correct_at_least += power(a, free);
      if (q.below) result.correct_at_least -= power(a - 1, free); // the label at least once
    }
  }
  return result;
}

} // namespace verifier::rules::attention
