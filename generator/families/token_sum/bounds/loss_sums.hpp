// The sums S_y of the loss by label, for the exact rules: once per multiset of tokens, in double precision
// with a proved error.
//
// The rule page docs/rules/symmetry.md has the theorem; docs/generator-numerics.md, sections 5 and 6, the
// error bound. S_y does not depend on the rule that a certificate cites, so enumeration@1 is served by the
// same computation.
#pragma once

#include "families/token_sum/bounds/products.hpp"

namespace proofmark {

// One entry a label, 0 .. V-1. The result does not depend on the number of threads.
std::vector<LabelSum> loss_sums(const TokenSumTables&, const LabelSumOptions&);

} // namespace proofmark
