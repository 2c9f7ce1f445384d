// One side of a network act(L[x] + R[y]) U + b: its neurons in groups, and for each group a partition of the side's symbols into
// blocks, on which the columns of these neurons are nearly constant (docs/rules/any/block-tables.md).
#pragma once

#include <cstdint>
#include <vector>

namespace proofmark::block_tables {

using Blocks =
    std::vector<std::uint16_t>; // of each symbol: 0 .. B-1, all of which occur, in the order of first occurrence

struct Group {
  std::vector<std::uint32_t> neurons; // ascending
  Blocks blocks;
  std::uint32_t count = 0;     // B
  bool positive_parts = false; // how what is left of it is bounded: else by norms
};

using Side = std::vector<Group>;

} // namespace proofmark::block_tables
