// Partitions of symbols: the same blocks under other names, and the joint blocks of two of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace proofmark::block_tables {

using Blocks =
    std::vector<std::uint16_t>; // of each symbol: 0 .. B-1, all of which occur, in the order of first occurrence

// A partition and how many blocks it has.
struct Partition {
  Blocks blocks;
  std::uint32_t count = 0;
  bool operator==(const Partition&) const = default;
};

// Blocks by the order in which they occur first.
Partition named_in_order(std::span<const std::uint32_t> labels);

// A block for each pair of blocks that some symbol lies in.
Partition joint(const Partition&, const Partition&);

// Symbols whose numbers are near each other: sorted, a gap of more than so many standard deviations begins a new block.
Partition levels(std::span<const double> numbers, double gap);

} // namespace proofmark::block_tables
