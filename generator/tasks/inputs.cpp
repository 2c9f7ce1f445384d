#include "tasks/inputs.hpp"

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

} // namespace proofmark
