#include "network_proofs/strategies.hpp"

#include "families/families.hpp"

#include <algorithm>
#include <array>

namespace proofmark {

std::span<const NetworkStrategy* const> network_strategies() {
  static constexpr std::array all{&enumeration_strategy, &low_rank_strategy, &block_tables_strategy};
  return all;
}

std::vector<std::string> network_strategy_names() {
  std::vector<std::string> names;
  for (const NetworkStrategy* strategy : network_strategies()) names.emplace_back(strategy->name);
  return names;
}

std::vector<std::string> every_strategy_name() {
  std::vector<std::string> names = strategy_names();
  for (const std::string& name : network_strategy_names())
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

const NetworkStrategy* network_strategy(std::string_view name) {
  for (const NetworkStrategy* strategy : network_strategies())
    if (strategy->name == name) return strategy;
  return nullptr;
}

} // namespace proofmark
