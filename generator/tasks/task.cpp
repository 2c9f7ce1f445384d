#include "tasks/task.hpp"

#include "support/limits.hpp"

namespace proofmark {

FiniteTask finite_task(const Task& task) {
  return {whole_vocabulary(task.context, task.vocabulary), {task.labels}};
}

std::optional<Task> over_vocabulary(const FiniteTask& task) {
  const auto vocabulary = vocabulary_of(task.domain);
  const Labelling& label = task.label;
  if (!vocabulary || *vocabulary > limits::vocabulary || label.function != &max_labels || !label.positions.empty())
    return {};
  return Task{task.domain.positions, *vocabulary, label.function};
}

} // namespace proofmark
