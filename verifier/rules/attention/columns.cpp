#include "columns.hpp"

namespace verifier::rules::attention {
namespace {

// What is left is alike in both kinds of columns. `together` goes along the outputs of the tail.
template <class Together>
Columns finish(const Problem& problem, Token m, const Outputs& of, const Tokens& tail, const Real& u, const Real& y,
               Together together) {
  const Token c = problem.witnesses.near[m], f = m - c;
  Real main = plus_row(u, row(y, m));
  if (problem.witnesses.joint[m])
    main = beside(columns(main, 0, main.columns() - 1), together(plus_row(of.u(tail, 0, m + 1), of.y(tail, m, m + 1))));
  return {c, f, u, y, main, f > 0 ? std::optional(highest(rows(y, 0, f))) : std::nullopt};
}

} // namespace

Columns hard_columns(Kernel& k, const Problem& problem, Token m) {
  const Outputs of(k, problem, m);
  const Tokens &heads = problem.witnesses.heads[m], tail = wrong_outputs(problem, m, heads);
  const Token f = m - problem.witnesses.near[m];
  Real y = largest(of.y(tail, f, m + 1));
  if (f > 0) { // of far tokens, by what is cheap
    const Real P = largest(of.P(wrong_outputs(problem, m)));
    y = above(rows(of.largest_v(), 0, f) + repeat_rows(P, f), y);
  }
  return finish(problem, m, of, tail, beside(of.u(heads, 0, m + 1), of.largest_u()), beside(of.y(heads, 0, m + 1), y),
                [](const Real& x) { return largest(x); });
}

Columns soft_columns(Kernel& k, const Problem& problem, Token m) {
  const Outputs of(k, problem, m);
  const Tokens &heads = problem.witnesses.heads[m], tail = wrong_outputs(problem, m, heads);
  return finish(problem, m, of, tail, beside(of.u(heads, 0, m + 1), largest(of.u(tail, 0, m + 1))),
                beside(of.y(heads, 0, m + 1), log_sum_exp(of.y(tail, 0, m + 1))),
                [](const Real& x) { return log_sum_exp(x); });
}

Positions::Positions(const Columns& columns, const PositionWeights& weights, Token m, const Queries& queries)
    : pairs(queries, columns.c), main(queries.of(columns.main)), own(main) {
  const Real u = queries.of(columns.u);
  if (queries.below) own = u + queries.of(columns.y);
  if (columns.c > 0) {
    near = plus_rows_at(rows_at(u, pairs.query), rows(columns.y, columns.f, m), pairs.token);
    r = in_one_column(weights.r(columns.f, m));
  }
  if (columns.f > 0) {
    far = plus_row(u, *columns.Y);
    rho = weights.rho(columns.f);
  }
}

} // namespace verifier::rules::attention
