// The bounds of head-tail@1 on the sums S_y of the loss by label, in double precision with a proved error.
//
// docs/rules/head-tail.md has the theorem; docs/generator-numerics.md, section 11, the error bound.
#pragma once

#include "families/token_sum/bounds/products.hpp"
#include "families/token_sum/head_tail.hpp"

#include <optional>

namespace proofmark {

// One entry a label, 0 .. V-1: `loss` contains both bounds of the rule (and so S_y), with room for those that the
// verifier finds; `correct` counts the inputs that the rule shows to be correct, and `undecided` is of the inputs that
// are evaluated exactly. Nothing when some head is too small for doubles: then the reference path has to do the work.
// The result does not depend on the number of threads.
std::optional<std::vector<LabelSum>> head_tail_sums(const TokenSumTables&, const HeadTail&, const LabelSumOptions&);

// Labels that make a good piece of work for one thread, the same for any number of threads.
std::vector<LabelRange> head_tail_pieces(const Task&);

} // namespace proofmark
