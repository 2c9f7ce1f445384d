// The bounds of convexity@1 on the sums S_y of the loss by label, in double precision with a proved error.
//
// Every input of a mixture (a^k, y^m) is an input like any other, so the error of an exact sum carries over:
// docs/generator-numerics.md, section 6. The rule page docs/rules/convexity.md has the theorem.
#pragma once

#include "families/token_sum/bounds/products.hpp"

namespace proofmark {

// One entry a label, 0 .. V-1: `loss` encloses the right-hand side of theorem (i), for n = 2, or (ii), which
// S_y does not exceed. Nothing is counted. The result does not depend on the number of threads.
std::vector<LabelSum> mixture_sums(const TokenSumTables&, const LabelSumOptions&);

} // namespace proofmark
