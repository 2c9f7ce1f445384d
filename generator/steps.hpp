// From bounds by label to the steps of a certificate.
#pragma once

#include "certificate.hpp"
#include "strategies/strategy.hpp"

namespace proofmark {

// `count` ranges of equal size (up to one label) that cover 0 .. V.
std::vector<LabelRange> equal_ranges(std::uint64_t vocabulary, std::uint64_t count);

// The step over a range. What it declares contains not only S (or the bound on S) but whatever the verifier
// may compute for it: its enclosure of S is about 1e-13 nats an input wide. So the ends are moved outward by
// 2^-44 of S, by n 2^-44 nats an input and by 2^-60 of the label terms, which cancel in S, and rounded
// outward to 53 bits; a lower end below 0, or of a rule that bounds the loss from above only, becomes 0.
Step declared_step(const RuleInUse&, const Task&, LabelRange, std::span<const LabelSum> by_label, bool states_correct);

} // namespace proofmark
