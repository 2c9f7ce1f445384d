// enumeration@1: brute force, with shared exponentials. Both sides, exact.
//
// Theorem. With L[a,k] = M[a,k] - s_a for any s and A = exp L, an input t with the label y has
//   loss(t) = ln Z(t) - sum_i L[t_i,y],     Z(t) = sum_k prod_i A[t_i,k],
// and is correct when sum_i L[t_i,k] < sum_i L[t_i,y] for every k != y.
// Proof and computation: docs/rules/enumeration.md.
#include "rules/token_sum/outputs.hpp"

namespace verifier::rules::token_sum {

Result enumeration(Kernel& k, const Problem& problem, Labels labels) {
  Result result;
  for (AllInputs t(labels, problem.n); t.next();) result.add(evaluated(k, problem, t));
  return result;
}

} // namespace verifier::rules::token_sum
