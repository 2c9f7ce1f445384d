// A stored tensor as a matrix: one instance of a stack, then a range of its first dimension and one of its last, then the
// layout (schema/FORMAT.md, section 5).
#pragma once

#include "models/safetensors.hpp"
#include "networks/description.hpp"
#include "networks/matrix.hpp"

#include <string>

namespace proofmark::networks {

// What a map must be. Sizes that are free are named by a letter in messages.
struct Wanted {
  std::string place; // "blocks[0].mlp.in"
  std::optional<std::uint64_t> in, out;
  std::uint64_t heads = 0;                        // slices of the layouts by heads; 0: these layouts do not fit
  std::optional<Layout> heads_layout = {};        // the one of the two that fits
  const char *in_letter = "d", *out_letter = "m"; // where the sizes are free
};

// Throws Error (data) where tensor or bias do not fit, or hold infinities or NaN.
Matrices<double>::Map stored_map(const NamedMap&, const Wanted&, const Tensor& weight, const Tensor* bias);

// All elements of a tensor of whatever shape, row by row. `place` names it in messages.
Matrices<double>::Vector stored_vector(const Tensor&, std::uint64_t size, const std::string& place);

// The first rows of a tensor of two dimensions.
Matrices<double>::Table stored_rows(const Tensor&, std::uint64_t rows, std::uint64_t columns, const std::string& place);

} // namespace proofmark::networks
