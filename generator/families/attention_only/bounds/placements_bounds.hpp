// placements@1 (docs/rules/attention/placements.md): the loss of one label from both sides and its correct inputs, by what
// each slot holds; in doubles.
#pragma once

#include "families/attention_only/bounds/relative.hpp"
#include "strategies/label_sum.hpp"

namespace proofmark::attention_only {

// `near` tokens below the label are near, at most m; at most `filled` near slots are filled in full.
LabelSum placements_sum(const Relative&, const Errors&, std::uint64_t near, std::uint64_t filled);

} // namespace proofmark::attention_only
