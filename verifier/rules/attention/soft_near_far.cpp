// soft-near-far@1: near-far for the loss, cell by cell. From above only.
//
// Theorem. In a cell (x, s, f') of a query, x + s + f' = n-1, let the label's positions weigh T_x (and b_(n-1) more if q = m), the
// query r_q b_(n-1) (if q < m), near positions r_k T_s. With y_m = u + v[m], y_q = u + v[q], y_k = u + v[k], Y = u + max_{t<f} v[t],
// P* included, the pure margin of a near token k without far positions is at most
//   Δ^k = y_m + share_q (y_q - y_m) + share_k (y_k - y_m),   a part's share being its weight over the sum D^k of all,
// and with L(Δ) = ln(1 + sum_j exp Δ_j), means over k, mix(L) = mean(L) if s <= 1, else max(mean(L), mean(D L) mean(1/D)), the
// mean loss of the cell's C(n-1,x) C(n-1-x,s) c^s f^f' inputs is at most
//   mix(L(Δ^k))                                                                          if f' = 0, else the smaller of
//   mix(L(Δ^k + a_k max(0, Y - Δ^k))),   a_k = R / (D^k + R),  R = T_f' max_{t<f} r_t,    and
//   mix(L(Δ^k)) + T_f' mean_{t<f}(r_t) mean(1/D) L(Y),
// for all that the sums T of so many b may be (L7). An input that is not correct costs at least ln 2 (A8). Proof: docs/rules/attention/soft-near-far.md.
#include "columns.hpp"
#include "rules/from_loss.hpp"
#include "shares.hpp"

namespace verifier::rules::attention {
namespace {

// Of the cells of some queries, by `at` of what each query has: itself, or a row for each of its near tokens.
struct Rows {
  template <class At>
  Rows(const PositionWeights& weights, const Positions& positions, At at)
      : T(at(weights.T())), own{at(weights.own()), at(positions.own - positions.main)}, main(at(positions.main)) {
    if (positions.rho) rho = at(*positions.rho), far = at(*positions.far);
  }
  Positive T;                  // [rows x n]
  Part own;                    // the query's position
  Real main;                   // [rows x J] y_m
  std::optional<Positive> rho; // [rows x 1] max_{t<f} r_t; if f > 0
  std::optional<Real> far;     // [rows x J] Y
};

} // namespace

Result soft_near_far(Kernel& k, const Problem& problem, Token m) {
  const Columns columns = soft_columns(k, problem, m);
  const auto [c, f] = std::pair(columns.c, columns.f);
  Total loss;
  for (const Queries& q : queries(problem, m, columns.entries_each())) {
    const PositionWeights weights(k, problem, m, q);
    const Positions positions(columns, weights, m, q);
    const auto paired = [&](const auto& x) { return rows_at(x, positions.pairs.query); };
    const Rows of_queries(weights, positions, std::identity()), of_pairs(weights, positions, paired);
    std::optional<Real> near;         // [pairs x J] y_k - y_m
    std::optional<Positive> far_loss; // [Q x 1] mean(r_t) L(Y)
    if (c > 0) near = *positions.near - of_pairs.main;
    if (f > 0) far_loss = weights.mean_r(f) * log_one_plus_sum_exp(*positions.far);
    for (const Cell& cell : cells(problem, q, c > 0, f > 0)) {
      const Rows& rows = cell.near > 0 ? of_pairs : of_queries;
      const Positive T_x = column(rows.T, cell.label), label = q.below ? T_x : T_x + rows.own.weight;
      std::vector<Part> parts;
      if (q.below) parts.push_back(rows.own);
      if (cell.near > 0) parts.push_back({*positions.r * column(rows.T, cell.near), *near});
      Positive D = label;
      for (const Part& part : parts) D = D + part.weight;
      const Real margins = with_shares(rows.main, label, parts); // Δ^k
      const auto mean = [&](const Positive& x) { return cell.near > 0 ? means(x, columns.c) : x; };
      const auto mix = [&](const Positive& L) {
        return cell.near < 2 ? mean(L) : larger(mean(L), mean(D * L) * mean(inverse(D)));
      };
      Positive bound = mix(log_one_plus_sum_exp(margins));
      if (cell.far > 0) {
        const Share a = share(column(rows.T, cell.far) * *rows.rho, D);
        const Positive worst = log_one_plus_sum_exp(raised(margins, *rows.far, repeat_columns(a, margins.columns())));
        bound = smaller(mix(worst), bound + weights.T(cell.far) * mean(inverse(D)) * *far_loss);
      }
      loss.add(bound, cell.placements * power(c, cell.near) * power(f, cell.far));
    }
  }
  return from_loss(k, loss, number_of_inputs(problem, m), true);
}

} // namespace verifier::rules::attention
