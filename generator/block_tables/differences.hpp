// Bounds of all differences z_c - z_label of the inputs with one left symbol.
#pragma once

#include "block_tables/bounds.hpp"

#include <span>

namespace proofmark::block_tables {

using LabelsOfInputs = std::vector<std::uint16_t>; // of each input, by its index

struct Differences {
  MatrixD lower, upper; // [N_y x C], 0 at the label
};
Differences differences(const Bounds&, std::size_t x, std::span<const std::uint16_t> labels_of_row);

// The exact one of some classes of the inputs of a row.
class Exactly {
public:
  Exactly(const Additive&, std::size_t x);
  double operator()(std::size_t y, std::uint16_t one, std::uint16_t label); // y ascending

private:
  const Additive& network_;
  std::size_t x_, y_;
  Eigen::RowVectorXd hidden_;
};

} // namespace proofmark::block_tables
