// Every input of a transformer once: the sums of the loss by label and the correct inputs, for enumeration@1 and for what
// compares other proofs with the truth (docs/rules/attention/enumeration.md). In doubles with a bound on all errors
// (docs/generator-numerics.md, section 13).
#pragma once

#include "families/attention_only/bounds/tables.hpp"
#include "strategies/label_sum.hpp"

namespace proofmark::attention_only {

// One entry a label, 0 .. V-1, enclosing the exact S. The result does not depend on the number of threads; a label that the
// ledger has is taken from there. V^n inputs and V exponentials for each: about a nanosecond an exponential.
std::vector<LabelSum> enumeration_sums(const Tables&, const LabelSumOptions&);

} // namespace proofmark::attention_only
