// Groups of neurons, blocks of symbols and trees over groups, as block-tables@1 has them: integers alone, no number of the model.
#pragma once

#include "kernel/tensor.hpp"

#include <utility>
#include <vector>

namespace verifier::rules::any {

using kernel::Index;

// Of each symbol its block; every block below the count occurs.
struct Blocks {
  std::vector<Index> of;
  std::size_t count = 0;
};

// Of one side: its neurons in groups, and the blocks of its symbols in each.
struct Groups {
  std::vector<Index> of;                   // [m] the group of each neuron
  std::vector<std::vector<Index>> neurons; // of each group, in ascending order
  std::vector<Blocks> blocks;              // of each group
  std::size_t size() const { return neurons.size(); }
};
Groups groups_of(std::vector<Index> of, std::vector<Blocks> blocks); // each group occurs

// The neurons that a right group has in common with a left one, and their places in these two.
struct Cell {
  Index left = 0;
  std::vector<Index> neurons, in_left, in_right;
};
std::vector<Cell> cells(const Groups& right, std::size_t group,
                        const Groups& left); // in ascending order of the left ones

// Steps that join two nodes: leaves come first, then what each step makes.
using Tree = std::vector<std::pair<Index, Index>>;
// How many steps, from the first on, read two different nodes before them that no step has read. If all, one fewer than leaves, do,
// every node is read but the last.
std::size_t steps_of_tree(const Tree& steps, std::size_t leaves);

// The pairs of blocks in which some symbol lies, in the order in which they occur first.
struct Joint : Blocks {
  std::vector<Index> first, second; // of each joint block
};
Joint joint(const Blocks& first, const Blocks& second);

} // namespace verifier::rules::any
