// What block-tables@1 prepares of a network act(L[x] + R[y]) U + b, and of its witness (docs/rules/any/block-tables.md).
#pragma once

#include "rules/any/additive.hpp"
#include "rules/any/blocks.hpp"

#include <array>
#include <optional>

namespace verifier::rules::any {

inline constexpr Index by_norms = 0, by_parts = 1; // the kinds of radii

struct BlockTablesWitness {
  Groups right;
  Tree tree;                 // over the right groups
  std::optional<Index> fold; // the node that takes the hulls
  std::optional<Groups> left;
  std::vector<Tree> left_trees; // of each right group, where there is a left side
  std::vector<Index> kinds;     // of each right group, then of each left one
};

// What a right group adds, a row for each of its blocks.
struct GroupTable {
  std::size_t blocks;
  // Two-sided: rows (v, w), v the joint block of a left symbol, w the block of a right one, those of one v next to each other.
  Table<Real> sums;
  std::vector<Index> of_left; // of each left symbol its v
  // One-sided: made for each left symbol.
  Table<Real> means, left; // [blocks x neurons], [N_x x neurons]
  Table<Weights> u;        // [neurons x C]
};

struct BlockTables {
  std::size_t symbols; // N_y
  Activation activation;
  Table<Real> left, right; // L [N_x x m], R [N_y x m]
  Table<Weights> u;        // [m x C] U
  Table<Real> constant;    // [1 x C] b
  std::vector<GroupTable> groups;
  Table<Real> row;   // is added to the smallest of their tables: [N_x x C] b and the left sigma; one-sided [1 x C] b
  Table<Real> sigma; // [N_y x C]
  Table<Real> hulls; // of sigma, of each block of the folded node
  std::optional<Index> fold; // the folded node
  Blocks folded;             // its blocks
  Tree tree;
  std::vector<Joint> joints; // the blocks of what each step but the last makes
  std::array<std::vector<Index>, 2>
      of_root; // of each symbol its blocks in the two nodes of the last step, or in the only group
};
std::uint64_t elements_of_row(const BlockTables&); // that the inputs with one left symbol keep alive, about
BlockTables prepare_block_tables(Kernel&, const Network&, const std::vector<TokenSpan>& tokens,
                                 const BlockTablesWitness&);

} // namespace verifier::rules::any
