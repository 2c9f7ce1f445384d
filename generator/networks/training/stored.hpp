// The tensors of a described network in training, and where each of its weights lies in them: a tensor may be used more than once,
// cut and turned, and its gradient is the sum over its uses.
#pragma once

#include "networks/training/forward.hpp"
#include "networks/training/shapes.hpp"
#include "training/training.hpp"

namespace proofmark::networks {

struct StoredTensor {
  std::string name;
  std::vector<std::uint64_t> shape;
  bool bias = false;
  Table<float> values = {}, gradient = {}; // [1 x elements]
};

struct Stored {
  Description description;
  std::vector<StoredTensor> tensors; // in ascending order of name
  Weights<float> weights, gradient;

  struct Place {
    std::size_t tensor;
    std::vector<std::uint32_t> elements;
  };
  std::vector<Place> places; // of each of arrays(weights)
};

// With all values zero. Throws Error (data) where tensors do not fit the description.
Stored stored(const Description&, const std::map<std::string, Blank>&);

void load_weights(Stored&);   // from the tensors' values
void store_gradient(Stored&); // in the tensors

std::vector<Tensor> tensors(const Stored&); // float32

} // namespace proofmark::networks
