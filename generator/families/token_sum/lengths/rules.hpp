// The dry runs of token-sum: what each rule charges `payer`.
#pragma once

#include "families/token_sum/head_tail.hpp"
#include "lengths/lengths.hpp"

namespace proofmark {

extern const DryRuns token_sum_lengths;

// What one input of head-tail@1 takes at a level, with so many outputs in the heads of its tokens together: at most n sizes[level],
// and V. A step whose inputs have other levels takes at most what `Lengths` says without heads for levels that are all 0, and for
// each input the difference between its level and level 0; where a batch has more than 2^20 such outputs, a little more.
Operations head_tail_input(const HeadTail&, std::size_t level, std::uint64_t outputs, bool correct);

namespace lengths::token_sum {

// What every certificate's tables have; and what rules need beyond.
void prepare(Operations& payer, const Shape&);
void add_squares(Operations& payer, const Task&); // convexity@1, n = 2
void add_blocks(Operations& payer, const Task&, std::uint64_t blocks);
void add_head_tail(Operations& payer, const HeadTail&);

void enumeration(Operations& payer, const Task&, LabelRange, bool correct);
void symmetry(Operations& payer, const Task&, LabelRange, bool correct);
void convexity(Operations& payer, const Task&, LabelRange, bool correct);
void block_jensen(Operations& payer, const Task&, const std::vector<LabelRange>& blocks, LabelRange, bool correct);
void head_tail(Operations& payer, const HeadTail&, LabelRange, bool correct);

} // namespace lengths::token_sum

} // namespace proofmark
