// From bounds by label to the steps of a certificate.
#pragma once

#include "certificates/certificate.hpp"
#include "strategies/strategy.hpp"

namespace proofmark {

// The step over a range, but for its budget. What it declares of the loss contains not only S (or the bound on S) but
// whatever the verifier may compute for it: its enclosure of S is about 1e-13 nats an input wide. So the ends are moved
// outward by 2^-44 of S, by n 2^-44 nats an input and by 2^-60 of the label terms, which cancel in S, and rounded
// outward to 53 bits; a lower end below 0, or of a rule that bounds the loss from above only, becomes 0. Correct inputs
// and margins have that room already.
Step declared_step(const Rule&, const Task&, LabelRange, std::span<const LabelSum> by_label, const Stated&);

} // namespace proofmark
