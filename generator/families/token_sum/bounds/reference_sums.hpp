// The sums S_y by intervals throughout, straight from the definition of the loss: no shared exponentials, no
// tables, no range limit. Slow (about V microseconds an input): for models beyond the fast path's range, and
// to test the fast path.
#pragma once

#include "families/token_sum/model.hpp"
#include "strategies/label_sum.hpp"

namespace proofmark {

// M = E W U, row-major [V x V], each entry enclosed.
std::vector<Interval> reference_logits(const Model&, unsigned threads);

// One entry a label, 0 .. V-1, from such a table.
std::vector<LabelSum> reference_sums(const std::vector<Interval>& logits, const Task&, const LabelSumOptions&);

// Likewise what convexity@1 bounds S_y by: the losses of the mixtures, one by one. Nothing is counted.
std::vector<LabelSum> reference_mixture_sums(const std::vector<Interval>& logits, const Task&, const LabelSumOptions&);

// s_a, the row maxima, and the label terms of docs/rules/enumeration.md; for the definition of the loss they only say
// how large the numbers are that cancel in it.
std::vector<Interval> reference_shifts(const std::vector<Interval>& logits, std::uint64_t vocabulary);
Interval reference_label_terms(const std::vector<Interval>& logits, const std::vector<Interval>& shift, const Task&,
                               std::uint64_t label);

} // namespace proofmark
