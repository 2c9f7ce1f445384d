// head-tail@1 by intervals throughout, as its page is written: slow (about a microsecond an entry of a head). For
// models beyond the fast path's range, and to test the fast path.
#pragma once

#include "families/token_sum/head_tail.hpp"
#include "strategies/label_sum.hpp"

#include <vector>

namespace proofmark {

// One entry a label, like those of head_tail_sums, from the table of reference_logits.
std::vector<LabelSum> reference_head_tail_sums(const std::vector<Interval>& logits, const HeadTail&,
                                               const LabelSumOptions&);

} // namespace proofmark
