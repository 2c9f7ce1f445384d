// In what order tables of blocks are summed: a node that joins two has a row for each of their joint blocks, so rows are what an order
// costs (docs/rules/any/block-tables.md).
#pragma once

#include "block_tables/blocks.hpp"

#include <utility>

namespace proofmark::block_tables {

struct Tree {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> steps; // nodes: leaves from 0, then what each step makes
  std::vector<std::uint32_t> rows;                            // of what each step makes: its joint blocks
};

// Of these leaves, one at least. A randomised greedy search: always the same.
Tree tree(const std::vector<Partition>& leaves);

// Which child of the root carries what is folded; its blocks. Of a tree with steps.
std::uint32_t folded_node(const Tree&, const std::vector<Partition>& leaves);
Partition partition_of(std::uint32_t node, const Tree&, const std::vector<Partition>& leaves);

} // namespace proofmark::block_tables
