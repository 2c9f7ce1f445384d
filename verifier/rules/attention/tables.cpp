// The tables of attention-only: products of weights, rounded once, and what rules share of them.
#include "problem.hpp"

namespace verifier::rules::attention {

Problem prepare(Kernel& k, const Tensors& t, Witnesses witnesses) {
  const std::size_t V = t.E.rows(), n = t.P.rows(), h = t.W_Q.columns();
  const Weights X = add_to_rows(t.E, row(t.P, n - 1)), queries = X * t.W_Q, VOU = t.W_V * t.W_O * t.U;
  const Real EU = rounded(X * t.U), OV = rounded(t.E * VOU), PO = rounded(t.P * VOU);
  const Positive scale = inverse(root(number(k, h)));
  const auto scores = [&](const Weights& of) {
    const Real products = rounded(queries * transposed(of * t.W_K));
    return spread(scale, products.shape()) * products;
  };
  const Real A = scores(t.E);
  const Real B = scores(t.P);
  const Positive b = exp(B - repeat_columns(any_number_in(largest(B)), n)); // a factor common to a query's b cancels
  const auto of_others = [&](const Real& x) { return V > 1 ? Table<Real>(largest_of_others(x)) : Table<Real>(); };
  return {.V = V,
          .n = n,
          .EU = EU,
          .OV = OV,
          .PO = PO,
          .EU_others = of_others(EU),
          .OV_others = of_others(OV),
          .h = largest(EU) - smallest(EU),
          .A = A,
          .A_so_far = largest_so_far(A),
          .b = b,
          .T = sums_of_any(columns(b, 0, n - 1)),
          .witnesses = std::move(witnesses)};
}

Result establish(Rule rule, Kernel& k, const Problem& problem, Token m) {
  if (problem.V > 1) return rule(k, problem, m);
  Result result;
  result.correct_at_least = result.correct_at_most = 1;
  return result;
}

} // namespace verifier::rules::attention
