// A network that is described, with the tensors that a certificate will carry.
#pragma once

#include "networks/network.hpp"

namespace proofmark::networks {

struct DescribedModel {
  Description description;
  Network network;
  std::vector<Tensor> tensors; // those that the description names, sorted by name
  std::string sha256;          // of FORMAT.md, section 5
};

// Throws Error (data) as `network` does.
DescribedModel model_of(Description, SafetensorsFile);

} // namespace proofmark::networks
