// The dry runs of attention-only: what each rule charges `payer`.
#pragma once

#include "lengths/lengths.hpp"

namespace proofmark {

extern const DryRuns attention_only_lengths;

namespace lengths::attention {

void prepare(Operations& payer, const Shape&);

// Of one label m.
void band(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void cubic(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void enumeration(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void near_far(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void placements(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void soft_near_far(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);
void subcubic(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);

} // namespace lengths::attention

} // namespace proofmark
