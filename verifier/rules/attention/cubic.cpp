// cubic@1: each token below the label on all positions that do not hold the label. Accuracy, from below.
//
// Theorem. With u* = max_{w != m} u[q,w], y*[t] = max_{w != m} (v[t,w] + P*[w]), T the sum of b_0 .. b_(n-2), T_s that of any s
// of them: a token k < m passes for (q, s) if
//   T (u* + y*[m]) + r_q b_(n-1) (u* + y*[q]) + T_s (r_k (u* + y*[k]) - (u* + y*[m])) < 0   for all that T_s may be (L7),
// and if c tokens pass, C(n-1,s) c^s inputs with query q and s free positions below the label are correct. The input with the
// label in all free positions (s = 0) is tested by itself: every w, the π of each position. Proof: docs/rules/attention/cubic.md.
#include "relative.hpp"

namespace verifier::rules::attention {

Result cubic(Kernel& k, const Problem& problem, Token m) {
  const std::size_t free = problem.n - 1;
  const Outputs of(k, problem, m);
  const Real u = of.largest_u(), y = largest(of.y(wrong_outputs(problem, m), 0, m + 1)); // [m+1 x 1] u*, y*
  Result result;
  for (const Queries& q : queries(problem, m, m)) {
    const PositionWeights weights(k, problem, m, q);
    const Real alpha = plus_row(q.of(u), row(y, m)); // [Q x 1]
    const Real fixed = weights.T(free) * alpha + weights.own() * (q.of(u) + q.of(y));
    const Real each =
        repeat_columns(q.of(u), m) + repeat_rows(transposed(rows(y, 0, m)), q.count()); // [Q x m] u* + y*[k]
    const Real more = weights.r(0, m) * each - repeat_columns(alpha, m);
    for (std::size_t s = 1; m > 0 && s <= (q.below ? free - 1 : free); ++s)
      for (const std::uint64_t c : passing(in_one_column(repeat_columns(fixed, m) + weighed(weights.T(s), more)), q))
        result.correct_at_least += binomial(free, s) * power(c, s);
    for (const bool correct : is_label_alone_correct(problem, of, weights, m, q)) result.correct_at_least += correct;
  }
  return result;
}

} // namespace verifier::rules::attention
