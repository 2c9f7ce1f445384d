// What a certificate by block-tables@1 is made of, but for the classes that are opened.
#pragma once

#include "block_tables/trees.hpp"

#include <optional>

namespace proofmark::block_tables {

// Neurons that share a partition of one side's symbols, on whose blocks their columns are nearly constant.
struct Group {
  std::vector<std::uint32_t> neurons; // ascending
  Blocks blocks;
  std::uint32_t count = 0;     // B
  bool positive_parts = false; // how what is left of it is bounded: else by norms
};
using Side = std::vector<Group>; // every neuron in one

struct Form {
  Side right, left; // no groups on the left: L^ = L
  Tree right_tree;
  std::vector<Tree> left_trees;      // of each right group, over the left groups that have a neuron in common with it
  std::optional<std::uint32_t> fold; // the node of the right tree that carries the radii of the right side

  bool two_sided() const { return !left.empty(); }
};

Partition partition_of(const Group&);
std::vector<Partition> partitions_of(const Side&);

// The left groups, in ascending order, that have a neuron in common with a right one; and which neurons.
struct Shared {
  std::uint32_t left_group;
  std::vector<std::uint32_t> neurons;
};
std::vector<Shared> shared_neurons(const Group& right, const Side& left);

Form form(Side right, Side left, bool folded); // with the trees that are found

} // namespace proofmark::block_tables
