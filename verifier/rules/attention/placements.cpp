// placements@1: what each free slot holds, the label, a near or a far token. Loss from both sides, and correct inputs.
//
// Theorem. For a query q <= m let s free slots N hold near tokens, slots F far ones, and the others the label, at least one of
// them if q < m; R = sum_{p in F} b_p. Rows are the c^s fillings of N if s <= e (in full), with
//   D = D_0 + sum_{p in N} b_p r_(k_p),   Δ = (N_0 + sum_{p in N} b_p r_(k_p) (u + v[k_p] + π[p])) / D,
// N_0, D_0 the sums over the query and the label's slots; or (mixed) one for each near token k, put on all of N as if that were
// one slot of weight S = sum_{p in N} b_p with π̂ = max_{p in N} π[p]. With far slots a = R ρ / (D + R ρ), ρ = max_{t<f} r_t,
//   Y = u + max_{t<f} v[t] + max_{p in F} π[p],   Y_lo the same with minima,
//   Δ⁺ = Δ + a max(0, Y - Δ),   Δ⁻ = Δ + a min(0, Y_lo - Δ);   without, Δ⁺ = Δ⁻ = Δ.
// Of the placement's c^s f^f' inputs at least f^f' (rows with Δ⁺ < 0) are correct, f^f' (their number)^s if mixed; the losses sum
// to at least f^f' sum L(Δ⁻) if in full; and to at most c^s f^f' times the smaller of mix(L(Δ⁺)) and, with far slots,
// mix(L(Δ)) + R mean_{t<f}(r_t) mean(1/D) L(Y), where mix(L) = mean(L) if in full, and if mixed, with Λ = sum b_p² / S² over N,
//   Λ mean(L) + (1-Λ) mean(D L) mean(1/D),   or max(mean(L), mean(D L) mean(1/D)) in place of the product if Δ⁺ has far slots.
// Proof: docs/rules/attention/placements.md.
#include "fillings.hpp"
#include "relative.hpp"

#include <optional>

namespace verifier::rules::attention {
namespace {

// Cleared margins N and mass D of some slots, a row each.
struct Slots {
  Slots(const Positive& weight, const Real& y) : N(weighed(weight, y)), D(weight) {}
  Slots(const Slots& x, const Tokens& rows) : N(rows_at(x.N, rows)), D(rows_at(x.D, rows)) {}
  void add(const Slots& x) { N = N + x.N, D = D + x.D; }
  void add(const Slots& x, const Tokens& rows) { N = plus_rows_at(N, x.N, rows), D = plus_rows_at(D, x.D, rows); }
  Real N;     // [rows x W]
  Positive D; // [rows x 1]
};

struct Far {
  Positive R, mass; // [Q x 1] R, R ρ
  Real most, least; // [Q x W] Y, Y_lo
};

// Sums over the rows of each query [Q x 1]: of L(Δ), L(Δ⁺), L(Δ⁻), products with D, 1/D; and how many have Δ⁺ < 0.
struct Rows {
  Positive L, most, least, D_L, D_most, inverse_D;
  std::vector<std::uint64_t> passing;
};
Rows close(const Queries& q, Token c, bool full, const Slots& base, const std::vector<Slots>& near,
           const std::optional<Far>& far) {
  const std::size_t W = base.N.columns();
  const Positive zero = spread(number(base.N.kernel(), 0), {q.count(), 1});
  Rows sums{zero, zero, zero, zero, zero, zero, std::vector<std::uint64_t>(q.count())};
  const std::uint64_t rows = number_of_fillings(c, near.size());
  for (std::uint64_t done = 0; done < rows * q.count();) {
    const Fillings some = fillings(q, c, near.size(), done, W);
    done += some.query.size();
    Slots row(base, some.query);
    for (std::size_t j = 0; j < near.size(); ++j) row.add(near[j], some.pair[j]);
    const Positive inverse_D = inverse(row.D);
    const Real margins = weighed(inverse_D, row.N);
    Real most = margins, least = margins;
    if (far) {
      const Share a = repeat_columns(share(rows_at(far->mass, some.query), row.D), W);
      most = raised(margins, rows_at(far->most, some.query), a);
      least = lowered(margins, rows_at(far->least, some.query), a);
    }
    const Positive L = log_one_plus_sum_exp(margins), L_most = far ? log_one_plus_sum_exp(most) : L;
    const auto add = [&](Positive& sum, const Positive& x) { sum = sum + sums_of(x, x.rows() / q.count()); };
    add(sums.L, L), add(sums.most, L_most), add(sums.inverse_D, inverse_D);
    if (full)
      add(sums.least, far ? log_one_plus_sum_exp(least) : L);
    else
      add(sums.D_L, row.D * L), add(sums.D_most, row.D * L_most);
    const auto passing = attention::passing(most, q);
    for (std::size_t i = 0; i < q.count(); ++i) sums.passing[i] += passing[i];
  }
  return sums;
}

} // namespace

Result placements(Kernel& k, const Problem& problem, Token m) {
  const Token c = problem.witnesses.near[m], f = m - c;
  const std::size_t last = problem.n - 1, e = problem.witnesses.filled[m];
  const Outputs of(k, problem, m);
  const Tokens wrong = wrong_outputs(problem, m);
  const Real v = of.v(wrong, 0, m + 1), pi = of.pi(wrong);
  const std::size_t rows_each =
      std::min<std::uint64_t>(most_entries, std::max<std::uint64_t>(c, number_of_fillings(c, e)));
  Result result;
  for (const Queries& q : queries(problem, m, rows_each * wrong.size())) {
    const SlotWeights weights(k, problem, m, q);
    const Pairs pairs(q, c);
    const Real u = of.u(wrong, q.from, q.to);
    const Positive r = in_one_column(weights.r(f, m));
    const Real near_y = plus_rows_at(rows_at(u, pairs.query), rows(v, f, m), pairs.token); // without π
    const auto near_slot = [&](const Positive& b, const Real& pi) {
      return Slots(rows_at(b, pairs.query) * r, plus_row(near_y, pi));
    };
    std::vector<Slots> label, near;
    for (std::size_t p = 0; p < last; ++p) {
      label.push_back(Slots(weights.b(p), plus_row(u, row(v, m) + row(pi, p))));
      near.push_back(near_slot(weights.b(p), row(pi, p)));
    }
    for (Placements each(problem, q, c > 0, f > 0); each.next();) {
      const Placement& held = each.held;
      const std::size_t s = held.near.size();
      const bool full = s <= e;
      Slots base(weights.own(), plus_row(u + q.of(v), row(pi, last)));
      for (const Index p : held.label) base.add(label[p]);
      std::vector<Slots> slots;
      const Positive S = weights.sum_of_b(held.near);
      if (!full) slots.push_back(near_slot(S, highest(rows_at(pi, held.near))));
      for (const Index p : held.near)
        if (full) slots.push_back(near[p]);
      std::optional<Far> far;
      if (!held.far.empty()) {
        const Positive R = weights.sum_of_b(held.far);
        const Real pi_far = rows_at(pi, held.far), v_far = rows(v, 0, f);
        far = {R, R * weights.rho(f), plus_row(u, highest(v_far) + highest(pi_far)),
               plus_row(u, lowest(v_far) + lowest(pi_far))};
      }
      const Rows rows = close(q, c, full, base, slots, far);
      // Λ S² and (1 - Λ) S²: products of two b, of one slot and of two
      Positive equal = weights.sum_of_b({}), different = equal;
      for (const Index p : held.near) {
        Tokens others = held.near;
        std::erase(others, p);
        equal = equal + weights.b(p) * weights.b(p), different = different + weights.b(p) * weights.sum_of_b(others);
      }

      const auto mean = [&](const Positive& sums) {
        return full ? sums : spread(inverse(number(k, c)), sums.shape()) * sums;
      }; // in full: c^s means
      const auto mix = [&](const Positive& L, const Positive& D_L, bool beside) {
        if (full) return mean(L);
        const Positive product = mean(D_L) * mean(rows.inverse_D);
        return inverse(S * S) * (equal * mean(L) + different * (beside ? larger(mean(L), product) : product));
      };
      Positive bound = mix(rows.most, rows.D_most, far.has_value());
      if (far)
        bound = smaller(bound, mix(rows.L, rows.D_L, false) +
                                   far->R * weights.mean_r(f) * mean(rows.inverse_D) * log_one_plus_sum_exp(far->most));
      const Integer far_fillings = power(f, held.far.size());
      result.at_most.add(bound, full ? far_fillings : far_fillings * power(c, s));
      if (full) result.at_least.add(rows.least, far_fillings);
      for (const std::uint64_t p : rows.passing) result.correct_at_least += far_fillings * power(p, full ? 1 : s);
    }
  }
  return result;
}

} // namespace verifier::rules::attention
