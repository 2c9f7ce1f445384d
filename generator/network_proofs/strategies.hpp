// The strategies for described networks, by name.
#pragma once

#include "strategies/network_strategy.hpp"

#include <span>

namespace proofmark {

std::span<const NetworkStrategy* const> network_strategies();
std::vector<std::string> network_strategy_names();
std::vector<std::string> every_strategy_name();                 // of families and of described networks, each once
const NetworkStrategy* network_strategy(std::string_view name); // null when there is none

} // namespace proofmark
