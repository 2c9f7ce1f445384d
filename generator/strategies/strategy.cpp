#include "strategy.hpp"

#include <algorithm>
#include <array>

namespace proofmark {

std::span<const Strategy* const> strategies() {
  static constexpr std::array all{&enumeration, &symmetry, &convexity};
  return all;
}

const Strategy* find_strategy(std::string_view name) {
  const auto all = strategies();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Strategy* s) { return s->name == name; });
  return found == all.end() ? nullptr : *found;
}

Operations table_operations(const Strategy& strategy, const Task& task, std::uint64_t width) {
  Operations count = table_operations(task, width, strategy.from_below);
  if (strategy.tables) count += strategy.tables(task);
  return count;
}

} // namespace proofmark
