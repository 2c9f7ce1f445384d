// How many inputs there are of a kind. In exact integers, because these numbers leave 64 bits long before the format's limit
// refuses them.
#pragma once

#include "tasks/task.hpp"

namespace proofmark {

// `count` ranges of equal size (up to one label) that cover 0 .. V.
std::vector<LabelRange> equal_ranges(std::uint64_t vocabulary, std::uint64_t count);

Integer inputs_with_label(const Task&, std::uint64_t label);
Integer inputs_in(const Task&, LabelRange);
Integer sorted_inputs(const Task&);                                 // C(V+n-1, n)
Integer sorted_inputs_with_label(const Task&, std::uint64_t label); // C(y+n-1, n-1), where the label is the largest

// n! / prod(multiplicities!): how many inputs sort to these tokens, which must be sorted one way or the
// other.
Integer orderings(std::span<const std::uint64_t> sorted_tokens);

} // namespace proofmark
