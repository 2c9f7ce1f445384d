#include "relative.hpp"

#include <algorithm>

namespace verifier::rules::attention {
namespace {

// exp(A[q,t] - A[q,m])
Positive relative(const Real& scores, const Real& of_label) {
  return exp(scores - repeat_columns(of_label, scores.columns()));
}

} // namespace

Tokens wrong_outputs(const Problem& problem, Token m, const Tokens& but) {
  Tokens result;
  for (Token w = 0; w < problem.V; ++w)
    if (w != m && std::find(but.begin(), but.end(), w) == but.end()) result.push_back(w);
  return result;
}

Outputs::Outputs(Kernel& k, const Problem& problem, Token m)
    : m_(m), EU_(rows(with(k, problem.EU), 0, m + 1)), OV_(rows(with(k, problem.OV), 0, m + 1)),
      PO_(with(k, problem.PO)), EU_others_(rows(with(k, problem.EU_others), 0, m + 1)),
      OV_others_(rows(with(k, problem.OV_others), 0, m + 1)) {}

PositionWeights::PositionWeights(Kernel& k, const Problem& problem, Token m, const Queries& queries)
    : m_(m), A_(queries.of(with(k, problem.A))), A_so_far_(queries.of(with(k, problem.A_so_far))),
      b_(queries.of(with(k, problem.b))), T_(queries.of(with(k, problem.T))), own_(b(problem.n - 1)) {
  if (queries.below) own_ = relative(diagonal(columns(A_, queries.from, queries.to)), column(A_, m)) * own_;
}
ProductsOfB PositionWeights::products_of_b(const Tokens& positions) const {
  ProductsOfB sums{sum_of_b({}), sum_of_b({})};
  for (const Token p : positions) {
    Tokens others = positions;
    std::erase(others, p);
    sums.of_one = sums.of_one + b(p) * b(p), sums.of_two = sums.of_two + b(p) * sum_of_b(others);
  }
  return sums;
}
Positive PositionWeights::r(Token from, Token to) const {
  return relative(columns(A_, from, to), column(A_, m_));
}
Positive PositionWeights::rho(Token f) const {
  return relative(column(A_so_far_, f - 1), column(A_, m_));
}
Positive PositionWeights::rho(const Tokens& query, const Tokens& reach) const {
  return relative(entries_at(A_so_far_, query, reach), rows_at(column(A_, m_), query));
}
Positive PositionWeights::mean_r(Token f) const {
  return means(in_one_column(r(0, f)), f);
}

std::vector<bool> is_label_alone_correct(const Problem& problem, const Outputs& of, const PositionWeights& weights,
                                         Token m, const Queries& queries) {
  const Tokens wrong = wrong_outputs(problem, m);
  const Real u = of.u(wrong, queries.from, queries.to), label = of.v(wrong, m, m + 1), pi = of.pi(wrong);
  const Real own = u + of.v(wrong, queries.from, queries.to);
  Real sum = weighed(weights.own(), plus_row(own, row(pi, problem.n - 1)));
  for (std::size_t p = 0; p + 1 < problem.n; ++p) sum = sum + weighed(weights.b(p), plus_row(u, label + row(pi, p)));
  return negative(largest(sum));
}

Positive means(const Positive& column, std::size_t each) {
  const Positive sums = sums_of(column, each);
  return spread(inverse(number(column.kernel(), each)), sums.shape()) * sums;
}

} // namespace verifier::rules::attention
