// enumeration@1 of ranges of inputs: every input, of any description and any task. Both sides, exact.
//
// Theorem. With z the logits and y the label of an input, its loss is ln sum_c exp(z_c - z_y), its margin is min_{c != y} z_y - z_c,
// and it is correct iff its margin is above 0.
// Proof and computation: docs/rules/any/enumeration.md.
#include "rules/any/problem.hpp"

namespace verifier::rules::any {

Result enumeration(Kernel& k, const Problem& problem, const Inputs& inputs) {
  const Real beyond = minus_entries(logits(k, problem.network, inputs.tokens), inputs.labels);
  Result result;
  result.at_least.add(log_sum_exp(beyond));
  result.at_most = result.at_least;
  if (!inputs.declared.compares()) return result;
  if (problem.network.classes == 1) { // no other logit
    result.correct_at_least = result.correct_at_most = inputs.labels.size();
    return result;
  }
  result.add_inputs(entries_at(largest_of_others(beyond), each(inputs.labels.size()), inputs.labels), inputs.declared,
                    inputs.indices);
  return result;
}

} // namespace verifier::rules::any
