// The dry runs by shape of model: what lengths.cpp chooses from. Each charges `payer`.
#pragma once

#include "lengths/lengths.hpp"

namespace proofmark::lengths {

namespace token_sum {

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

} // namespace token_sum

namespace attention {

void prepare(Operations& payer, const Shape&);

// Of one label m.
using Rule = void (*)(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
Rule rule(std::string_view name);

void band(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void cubic(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void enumeration(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void near_far(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void placements(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void soft_near_far(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void subcubic(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);

} // namespace attention

} // namespace proofmark::lengths
