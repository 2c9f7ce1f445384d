#include "tasks/inputs.hpp"

namespace proofmark {

std::vector<LabelRange> equal_ranges(std::uint64_t vocabulary, std::uint64_t count) {
  std::vector<LabelRange> result;
  for (std::uint64_t i = 0; i < count; ++i) result.push_back({vocabulary * i / count, vocabulary * (i + 1) / count});
  return result;
}

Integer inputs_with_label(const Task& task, std::uint64_t label) {
  return inputs_in(task, {label, label + 1});
}

Integer inputs_in(const Task& task, LabelRange labels) {
  return task.labels->inputs(task.context, labels);
}

Integer sorted_inputs(const Task& task) {
  return binomial(task.vocabulary + task.context - 1, task.context);
}

Integer sorted_inputs_with_label(const Task& task, std::uint64_t label) {
  return binomial(label + task.context - 1, task.context - 1);
}

Integer orderings(std::span<const std::uint64_t> sorted_tokens) {
  Integer result = 1;
  unsigned run = 0;
  for (std::size_t i = 0; i < sorted_tokens.size(); ++i) {
    run = i > 0 && sorted_tokens[i] == sorted_tokens[i - 1] ? run + 1 : 1;
    result = result * static_cast<unsigned>(i + 1) / run; // a multinomial coefficient after every token: exact
  }
  return result;
}

} // namespace proofmark
