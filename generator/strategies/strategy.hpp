// A strategy proves a model's performance in one way: what its steps cite, what checking them costs, and how
// their bounds are found. One strategy a file beside this one; this list is all that commands know of them.
#pragma once

#include "../engines.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace proofmark {

struct Strategy {
  std::string_view name;    // as --strategy takes it
  std::string_view rule;    // what its steps cite; docs/rules/ has a page of that name
  std::string_view summary; // for --help

  // Whether the rule bounds the loss from below as well. One that does not finds correct inputs by way of the
  // loss alone, so that it may find none.
  bool from_below;

  // The closed formulas of the rule page: what the rule adds to the tables, once (null: nothing), and the
  // cost of a step over these labels.
  Operations (*tables)(const Task&);
  Operations (*operations)(const Task&, LabelRange, bool states_correct);

  // Bounds by label; throws Error (usage) when that would take longer than patience_s seconds.
  LabelSums (*sums)(const TokenSumModel&, const Task&, const LabelSumOptions&, double patience_s);
};

std::span<const Strategy* const> strategies();
const Strategy* find_strategy(std::string_view name); // null when there is none

extern const Strategy enumeration, symmetry, convexity;

// All tables of a certificate whose steps cite this strategy's rule (FORMAT.md, section 8).
Operations table_operations(const Strategy&, const Task&, std::uint64_t width);

// Rule pages, for n = 1 the rules coincide: the cost of one label under enumeration@1.
Operations enumeration_operations_of_label(const Task&, std::uint64_t label, bool states_correct);

} // namespace proofmark
