// Which neurons share a partition of a side's symbols, found by sorting each column: any groups are sound, good ones leave little.
#pragma once

#include "block_tables/additive.hpp"
#include "block_tables/form.hpp"
#include "explanations/networks.hpp"

namespace proofmark::block_tables {

struct Grouping {
  double gap = 0.15;       // between levels, in standard deviations of the column
  std::uint32_t slack = 0; // so many more blocks may a group have for taking in the neurons of another
};

// Neurons that can make a difference: others are one group with one block, on either side.
std::vector<bool> live_neurons(const Additive&);

// Of the columns of one side, [symbols x m].
Side groups(const MatrixD& columns, const std::vector<bool>& live, Grouping);

// The groups that an explanation has, in its order. A neuron that no partition lists goes to the one without a list that leaves
// least of its column; or, where the explanation says so and none leaves little, to those that are found.
Side groups(const MatrixD& columns, const std::vector<bool>& live, Grouping, const explanations::Side&);

// What is left of the columns: less the means of each group's blocks.
MatrixD remainders(const MatrixD& columns, const Side&);
MatrixD means(const MatrixD& columns, const Group&); // [blocks x neurons of the group]

} // namespace proofmark::block_tables
