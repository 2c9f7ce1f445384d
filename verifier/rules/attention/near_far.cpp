// near-far@1: each cell of label, near and far positions by itself. Accuracy, from below.
//
// Theorem. Near tokens are f .. m-1, c of them, far ones 0 .. f-1; columns j are the heads and the pseudo-output of L6. For a
// query q <= m and a cell (x, s, f'), x + s + f' = n-1, x >= 1 if q < m, with
//   base_j = r_q b_(n-1) (u + v[q])_j + T_x (u + v[m])_j + T_f' max_{t<f} r_t max(0, (u + Y)_j),      Y_j = max_{t<f} v[t]_j
// a near token k passes if base_j + T_s r_k (u + v[k])_j < 0 for every j, a cell without near positions if base_j < 0, each for all
// that the sums T of so many b may be (L7). If p near tokens pass (1 or 0 for the cell itself), C(n-1,x) C(n-1-x,s) p^s f^f'
// inputs of the cell are correct. Proof: docs/rules/attention/near-far.md.
#include "columns.hpp"

namespace verifier::rules::attention {

Result near_far(Kernel& k, const Problem& problem, Token m) {
  const Columns columns = hard_columns(k, problem, m);
  const auto [c, f] = std::pair(columns.c, columns.f);
  Result result;
  for (const Queries& q : queries(problem, m, columns.entries_each())) {
    const PositionWeights weights(k, problem, m, q);
    const Positions positions(columns, weights, m, q);
    const Real own = weighed(weights.own(), positions.own);
    std::vector<Real> label, near, far; // so many positions
    for (std::size_t x = 0; x < problem.n; ++x) {
      label.push_back(weighed(weights.T(x), positions.main));
      if (c > 0) near.push_back(weighed(rows_at(weights.T(x), positions.pairs.query) * *positions.r, *positions.near));
      if (f > 0) far.push_back(weighed(weights.T(x) * *positions.rho, positive_part(*positions.far)));
    }
    for (const Cell& cell : cells(problem, q, c > 0, f > 0)) {
      Real base = own + label[cell.label];
      if (cell.far > 0) base = base + far[cell.far];
      if (cell.near > 0) base = plus_rows_at(near[cell.near], base, positions.pairs.query);
      for (const std::uint64_t p : passing(base, q))
        result.correct_at_least += cell.placements * power(p, std::max<std::size_t>(1, cell.near)) * power(f, cell.far);
    }
  }
  return result;
}

} // namespace verifier::rules::attention
