// A network that is described, with the tensors that a certificate will carry.
#pragma once

#include "networks/network.hpp"

namespace proofmark::enumeration {

struct DescribedModel {
  networks::Description description;
  networks::Network network;
  std::vector<Tensor> tensors; // those that the description names, sorted by name
  std::string sha256;          // of FORMAT.md, section 5
};

// Throws Error (data) as networks::network does.
DescribedModel described_model(networks::Description, SafetensorsFile);

} // namespace proofmark::enumeration
