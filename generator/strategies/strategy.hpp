// A strategy proves a model's performance in one way: what its steps cite, what checking them costs, and how
// their bounds are found. One strategy a file beside this one; this list is all that commands know of them.
#pragma once

#include "../exact_sums.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace proofmark {

struct Strategy {
  std::string_view name;    // as --strategy takes it
  std::string_view rule;    // what its steps cite; docs/rules/ has a page of that name
  std::string_view summary; // for --help

  // The closed formula of the rule page: the cost of a step over these labels.
  Operations (*operations)(const Task&, LabelRange, bool states_correct);

  // Bounds by label; throws Error (usage) when that would take longer than patience_s seconds.
  ExactSums (*sums)(const TokenSumModel&, const Task&, const LabelSumOptions&, double patience_s);
};

std::span<const Strategy* const> strategies();
const Strategy* find_strategy(std::string_view name); // null when there is none

extern const Strategy enumeration, symmetry;

// Rule pages, for n = 1 the rules coincide: the cost of one label under enumeration@1.
Operations enumeration_operations_of_label(const Task&, std::uint64_t label, bool states_correct);

} // namespace proofmark
