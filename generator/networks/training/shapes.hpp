// The tensors that a description needs, from its sizes: their shapes, and how training starts them.
#pragma once

#include "networks/description.hpp"

#include <map>
#include <vector>

namespace proofmark::networks {

struct Sizes {
  std::vector<std::uint64_t> tokens; // of each position, how many there are
  std::uint64_t width = 0;           // d
  std::uint64_t head_width = 0;      // h; 0: d / heads
  std::uint64_t mlp_width = 0;       // of an MLP, and between the maps of a readout
  std::uint64_t classes = 0;
};

struct Blank {
  enum class Start { random, zeros, ones }; // matrices, biases, weights of norms
  std::vector<std::uint64_t> shape;
  Start start = Start::random;
};

// By name. A tensor that is cut is as large as its cuts need.
std::map<std::string, Blank> blanks(const Description&, const Sizes&);

} // namespace proofmark::networks
