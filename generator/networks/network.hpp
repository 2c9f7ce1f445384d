// A described model with its weights: every tensor cut and turned, every shape checked, nothing is a name any more. Values
// are doubles, which hold every stored element exactly.
#pragma once

#include "models/safetensors.hpp"
#include "networks/description.hpp"
#include "networks/matrix.hpp"

#include <string>
#include <vector>

namespace proofmark::networks {

struct Network : Architecture<Matrices<double>> {
  std::uint64_t width = 0;         // d
  std::uint64_t classes = 0;       // C
  std::vector<std::string> unused; // tensors that the description does not name

  std::uint64_t vocabulary(std::uint64_t position) const; // how many tokens have a row there
};

// Throws Error (data) where a tensor is missing, is infinite or not a number somewhere, does not fit (named, with the shape
// found, the one expected and the layout tried), or where a size is beyond the verifier's limits.
Network network(const Description&, const std::vector<Tensor>&);
Network network(const Description&, const SafetensorsFile&); // whose booleans and integers no description may name

} // namespace proofmark::networks
