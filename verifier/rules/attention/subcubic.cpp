// subcubic@1: tokens a gap below the label count as nothing but a maximum. Accuracy, from below.
//
// Theorem. For a query q, s free positions that do not hold the label, and a gap g with q = m or q <= m-g, let these positions hold tokens
// t <= m-g. With h[q] = max_w EU[q,w] - min_w EU[q,w], y* = max_{w != m} (v[m,w] + P*[w]), P** = max_{w != m} P*[w],
// W_g = max_{t <= m-g} max_{w != m} v[t,w], ρ = max_{t <= m-g} r_t, T_m the sum of any n-1-s of b_0 .. b_(n-2), and b_(n-1) if
// q = m, R that of any s, and b_(n-1) if q < m: if
//   T_m (h[q] + y*) + R ρ max(0, h[q] + P** + W_g) < 0   for all that T_m and R may be (L7),
// all C(n-1,s) (m-g+1)^s such inputs are correct. The input that holds the label alone is tested by itself.
// Proof: docs/rules/attention/subcubic.md.
#include "relative.hpp"

namespace verifier::rules::attention {

Result subcubic(Kernel& k, const Problem& problem, Token m) {
  const std::size_t free = problem.n - 1;
  const Outputs of(k, problem, m);
  const Tokens wrong = wrong_outputs(problem, m);
  const Real y = largest(of.y(wrong, m, m + 1)), P = largest(of.P(wrong));
  const Real W = transposed(largest_so_far(transposed(of.largest_v()))); // [m+1 x 1] of the tokens up to the row's
  Result result;
  for (const Queries& q : queries(problem, m, 1)) {
    const PositionWeights weights(k, problem, m, q);
    const Positive last = weights.b(free);
    for (std::size_t s = 0; s <= free; ++s) {
      const Gaps gaps(problem, m, q, s); // a row for each query that has one
      if (gaps.query.empty()) continue;
      const Positive T = q.below ? weights.T(free - s) : weights.T(free - s) + last;
      const Positive R = q.below ? weights.T(s) + last : weights.T(s);
      const Real h = rows_at(q.of(with(k, problem.h)), gaps.query);
      const Real far = plus_row(h, P) + rows_at(W, gaps.reach);
      const Real sum = rows_at(T, gaps.query) * plus_row(h, y) +
                       rows_at(R, gaps.query) * weights.rho(gaps.query, gaps.reach) * positive_part(far);
      const std::vector<bool> shown = negative(sum);
      for (std::size_t i = 0; i < shown.size(); ++i)
        if (shown[i]) result.correct_at_least += binomial(free, s) * power(std::uint64_t{gaps.reach[i]} + 1, s);
    }
    if (!q.below && is_label_alone_correct(problem, of, weights, m, q)[0]) result.correct_at_least += 1;
  }
  return result;
}

} // namespace verifier::rules::attention
