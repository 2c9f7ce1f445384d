#include "operations.hpp"

namespace proofmark {

Integer binomial(std::uint64_t n, std::uint64_t k) {
  Integer result;
  mpz_bin_uiui(result.backend().data(), n, k);
  return result;
}

Integer inputs_with_label(const Task& task, std::uint64_t label) {
  return inputs_in(task, {label, label + 1});
}

Integer inputs_in(const Task& task, LabelRange labels) {
  return power(labels.to, task.context) - power(labels.from, task.context);
}

Integer sorted_inputs(const Task& task) {
  return binomial(task.vocabulary + task.context - 1, task.context);
}

Integer sorted_inputs_with_label(const Task& task, std::uint64_t label) {
  return binomial(label + task.context - 1, task.context - 1);
}

Operations table_operations(const Task& task, std::uint64_t width, bool lower_ends) {
  const Integer V = task.vocabulary, d = width;
  Operations count;
  count.read = 2 * V * d + d * d;
  count.mul = V * d * d + V * V * d;
  count.add = V * d * (d - 1) + V * V * (d - 1) // P = E W, M = P U
              + V * V;                          // deficits
  count.compare = V * (V - 1);                  // shifts
  count.exp = (lower_ends ? 2 : 1) * V * V;
  return count;
}

Operations conclusion_operations(std::uint64_t steps, std::uint64_t claims, bool states_correct) {
  const std::uint64_t counted = states_correct ? steps : 0;
  Operations count;
  count.add = 2 * steps + counted;
  count.mul = claims;
  count.compare = 2 * steps + claims + counted;
  return count;
}

Operations label_term_operations(std::uint64_t label, unsigned ends) {
  Operations count;
  count.add = label + 1 + 2 * ends;
  count.mul = 2;
  return count;
}

} // namespace proofmark
