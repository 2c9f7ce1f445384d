// Good witnesses for head-tail@1: outputs (which heads hold), landscape (what each level would say of every input), passes
// (sums over all inputs), multipliers and levels (which each input gets). Nothing here is rigorous or needs to be: whatever
// values come out, head_tail_sums bounds what they are worth.
#pragma once

#include "families/token_sum/bounds/tables.hpp"
#include "families/token_sum/head_tail/options.hpp"

namespace proofmark {

// Throws Error (usage) when even the smallest heads cost more than what is allowed.
HeadTail find_head_tail(const TokenSumTables&, const HeadTailSearch&, unsigned threads,
                        const std::function<void(double)>& progress);

} // namespace proofmark
