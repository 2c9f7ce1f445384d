// How many combinations of tokens occur on a set of positions: the rows of a value that depends on these alone
// (docs/rules/any/README.md).
#pragma once

#include "tasks/domain.hpp"

namespace proofmark::enumeration {

using PositionSet = std::uint64_t; // a bit a position

// Of each set, in [from, to) of the inputs of a domain, by their indices.
std::vector<std::uint64_t> rows(const Domain&, std::uint64_t from, std::uint64_t to, const std::vector<PositionSet>&);

} // namespace proofmark::enumeration
