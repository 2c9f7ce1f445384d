// Finds near tokens and heads for near-far@1 and band@1, and counts what they show.
#pragma once

#include "families/attention_only/bounds/slot_tests.hpp"
#include "strategies/strategy.hpp"

namespace proofmark::attention_only {

// Heads are at first those outputs that most often come closest to the label; then single ones are exchanged as long as
// more inputs are shown to be correct. With `near` open, each label takes the number up to 8 that shows most. The result
// does not depend on the number of threads.
Findings near_far_findings(const Assignment&, const Rule&, MakeSlotTests);

// Throws Error (usage) for options that these rules do not take, and for more heads than there are.
void check_near_far(const Task&, const StrategyOptions&, const std::vector<LabelRange>& steps);

// What the options and what is explained say of a label.
struct SaidOfLabel {
  std::uint64_t least_near = 0, most_near = 0; // tokens: the same number, or the range to search
  bool joint = false;
  std::vector<std::uint16_t> heads; // those that are known
};
SaidOfLabel said_of_label(const StrategyOptions&, std::uint64_t label);

// With the near tokens of the options, or 8 where they are open.
NearFarWitness near_far_outline(const Task&, const StrategyOptions&);
Hints near_far_hints(const Task&, const StrategyOptions&, bool loss);

// How long the search takes, in seconds of one thread, where a query has so many tests of one output.
double near_far_seconds(const Shape&, const StrategyOptions&, double (*tests_of_query)(double context, double near));

} // namespace proofmark::attention_only
