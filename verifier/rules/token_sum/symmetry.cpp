// symmetry@1: each multiset of tokens once. Both sides, exact.
//
// Theorem. Neither the loss of an input nor whether it is correct depends on the order of its tokens. So each sorted input
// t_1 <= .. <= t_n = y stands for all w(t) = n! / prod (multiplicities)! inputs that sort to it:
//   S_y = sum over sorted t of w(t) · loss(t),     loss(t) as in enumeration@1.
// Proof and computation: docs/rules/symmetry.md.
#include "rules/token_sum/outputs.hpp"

namespace verifier::rules::token_sum {

Result symmetry(Kernel& k, const Problem& problem, Labels labels) {
  Result result;
  for (SortedInputs t(labels, problem.n); t.next();) result.add(evaluated(k, problem, t));
  return result;
}

} // namespace verifier::rules::token_sum
