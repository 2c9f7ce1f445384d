#include "rows.hpp"

namespace verifier::rules::attention {

Far::Far(const PositionWeights& weights, const Real& u, const Real& v, const Real& pi, const Tokens& positions)
    : R(weights.sum_of_b(positions)), mass(R * weights.rho(static_cast<Token>(v.rows()))),
      most(plus_row(u, highest(v) + highest(pi))), least(plus_row(u, lowest(v) + lowest(pi))) {}

Sums over_rows(const Queries& q, Token c, bool full, const Cleared& base, const std::vector<Cleared>& near,
               const std::optional<Far>& far) {
  const std::size_t W = base.N.columns();
  const Positive zero = spread(number(base.N.kernel(), 0), {q.count(), 1});
  Sums sums{zero, zero, zero, zero, zero, zero, std::vector<std::uint64_t>(q.count())};
  const std::uint64_t rows = number_of_fillings(c, near.size());
  for (std::uint64_t done = 0; done < rows * q.count();) {
    const Fillings some = fillings(q, c, near.size(), done, W);
    done += some.query.size();
    Cleared row(base, some.query);
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

} // namespace verifier::rules::attention
