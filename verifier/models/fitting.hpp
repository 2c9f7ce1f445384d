// Whether the tensors of a model fit its description.
#pragma once

#include "models/architecture.hpp"

#include <string>
#include <vector>

namespace verifier {

struct Sizes {
  std::vector<std::uint64_t> tokens; // of each position: rows of its embedding
  std::uint64_t width, classes;      // of the residual; columns of the last map
  bool operator==(const Sizes&) const = default;
};
// Every tensor that is named is there and fits, every one that is there is named, all numbers are finite; limits. Fails with
// tensor-missing, tensor-unused, tensor-shape, weight-not-finite, limit-vocabulary, limit-width. `pointer` is where the model
// is.
Sizes require_fitting(const Architecture&, const Tensors&, const std::string& pointer);

} // namespace verifier
