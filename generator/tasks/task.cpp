#include "tasks/task.hpp"

#include "support/limits.hpp"

#include <algorithm>

namespace proofmark {

FiniteTask finite_task(const Task& task) {
  return {whole_vocabulary(task.context, task.vocabulary), {task.labels}};
}

std::optional<Task> over_vocabulary(const FiniteTask& task) {
  const auto& [domain, label] = task;
  if (!domain.is_product() || label.function != &max_labels || !label.positions.empty()) return {};
  const TokenRange every = domain.ranges.front();
  const bool same =
      std::all_of(domain.ranges.begin(), domain.ranges.end(), [&](const TokenRange& range) { return range == every; });
  if (!same || every.from != 0 || every.to > limits::vocabulary) return {};
  return Task{domain.positions, every.to, label.function};
}

} // namespace proofmark
