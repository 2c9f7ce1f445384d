// placements@1: what each free position holds, the label, a near or a far token. Loss from both sides, and correct inputs.
//
// Theorem. For a query q <= m let s free positions N hold near tokens, positions F far ones, and the others the label, at least one of
// them if q < m; R = sum_{p in F} b_p. Rows are the c^s fillings of N if s <= e (in full), with
//   D = D_0 + sum_{p in N} b_p r_(k_p),   Δ = (N_0 + sum_{p in N} b_p r_(k_p) (u + v[k_p] + π[p])) / D,
// N_0, D_0 the sums over the query and the label's positions; or (mixed) one for each near token k, put on all of N as if that were
// one position of weight S = sum_{p in N} b_p with π̂ = max_{p in N} π[p]. With far positions a = R ρ / (D + R ρ), ρ = max_{t<f} r_t,
//   Y = u + max_{t<f} v[t] + max_{p in F} π[p],   Y_lo the same with minima,
//   Δ⁺ = Δ + a max(0, Y - Δ),   Δ⁻ = Δ + a min(0, Y_lo - Δ);   without, Δ⁺ = Δ⁻ = Δ.
// Of the placement's c^s f^f' inputs at least f^f' (rows with Δ⁺ < 0) are correct, f^f' (their number)^s if mixed; the losses sum
// to at least f^f' sum L(Δ⁻) if in full; and to at most c^s f^f' times the smaller of mix(L(Δ⁺)) and, with far positions,
// mix(L(Δ)) + R mean_{t<f}(r_t) mean(1/D) L(Y), where mix(L) = mean(L) if in full, and if mixed, with Λ = sum b_p² / S² over N,
//   Λ mean(L) + (1-Λ) mean(D L) mean(1/D),   or max(mean(L), mean(D L) mean(1/D)) in place of the product if Δ⁺ has far positions.
// Proof: docs/rules/attention/placements.md.
#include "rows.hpp"

namespace verifier::rules::attention {

Result placements(Kernel& k, const Problem& problem, Token m) {
  const Token c = problem.witnesses.near[m], f = m - c;
  const std::size_t last = problem.n - 1, e = problem.witnesses.filled[m];
  const Outputs of(k, problem, m);
  const Tokens wrong = wrong_outputs(problem, m);
  const Real v = of.v(wrong, 0, m + 1), pi = of.pi(wrong);
  const std::size_t rows_each = std::clamp<std::uint64_t>(number_of_fillings(c, e), c, most_entries);
  Result result;
  for (const Queries& q : queries(problem, m, rows_each * wrong.size())) {
    const PositionWeights weights(k, problem, m, q);
    const Pairs pairs(q, c);
    const Real u = of.u(wrong, q.from, q.to);
    const Positive r = in_one_column(weights.r(f, m));
    const Real near_y = plus_rows_at(rows_at(u, pairs.query), rows(v, f, m), pairs.token); // without π
    const auto near_position = [&](const Positive& b, const Real& pi) {
      return Cleared(rows_at(b, pairs.query) * r, plus_row(near_y, pi));
    };
    std::vector<Cleared> label, near;
    for (std::size_t p = 0; p < last; ++p) {
      label.push_back(Cleared(weights.b(p), plus_row(u, row(v, m) + row(pi, p))));
      near.push_back(near_position(weights.b(p), row(pi, p)));
    }
    for (Placements each(problem, q, c > 0, f > 0); each.next();) {
      const Placement& held = each.held;
      const std::size_t s = held.near.size();
      const bool full = s <= e;
      Cleared base(weights.own(), plus_row(u + q.of(v), row(pi, last)));
      for (const Index p : held.label) base.add(label[p]);
      const Positive S = weights.sum_of_b(held.near);
      std::vector<Cleared> positions;
      if (!full) positions.push_back(near_position(S, highest(rows_at(pi, held.near))));
      for (const Index p : held.near)
        if (full) positions.push_back(near[p]);
      std::optional<Far> far;
      if (!held.far.empty()) far.emplace(weights, u, rows(v, 0, f), rows_at(pi, held.far), held.far);
      const Sums sums = over_rows(q, c, full, base, positions, far);
      // In full: c^s means. Products of two b, of one position and of two: Λ S² and (1 - Λ) S².
      const auto mean = [&](const Positive& x) { return full ? x : spread(inverse(number(k, c)), x.shape()) * x; };
      const ProductsOfB b_b = weights.products_of_b(held.near);
      const auto mix = [&](const Positive& L, const Positive& D_L, bool beside) {
        if (full) return mean(L);
        const Positive product = mean(D_L) * mean(sums.inverse_D);
        return inverse(S * S) * (b_b.of_one * mean(L) + b_b.of_two * (beside ? larger(mean(L), product) : product));
      };
      Positive bound = mix(sums.most, sums.D_most, far.has_value());
      if (far)
        bound = smaller(bound, mix(sums.L, sums.D_L, false) +
                                   far->R * weights.mean_r(f) * mean(sums.inverse_D) * log_one_plus_sum_exp(far->most));
      const Integer far_fillings = power(f, held.far.size());
      result.at_most.add(bound, full ? far_fillings : far_fillings * power(c, s));
      if (full) result.at_least.add(sums.least, far_fillings);
      for (const std::uint64_t p : sums.passing) result.correct_at_least += far_fillings * power(p, full ? 1 : s);
    }
  }
  return result;
}

} // namespace verifier::rules::attention
