// Which tensors of a file are the parts of a network, by the names of a scheme.
#pragma once

#include "models/safetensors.hpp"
#include "networks/naming/schemes.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace proofmark::networks {

struct PartTensors {
  const Row* row = nullptr;
  const Tensor* weight = nullptr;
  const Tensor* bias = nullptr; // null: there is none, or it is zero
  bool zero_bias = false;
};

struct Parts {
  const Scheme* scheme = nullptr;
  std::map<std::pair<Role, std::uint64_t>, PartTensors> found; // by part and block (or map of the readout), from 0
  std::uint64_t blocks = 0;
  std::vector<const Tensor*> zero_biases, others; // of the file's weights: biases of zeros; what no row names

  const PartTensors* part(Role, std::uint64_t number = 0) const; // null: none
  std::string missing;                                           // what a network of the scheme needs and is not there
};

Parts recognised_parts(const Scheme&, const std::vector<Tensor>&, const std::string& prefix);

// The scheme that explains most tensors; `like` names one (none: empty). Throws Error (data) where none fits, with the prefix
// that may have to be left out, and where several explain as many and describe different networks, by `same`.
Parts parts_of(const SafetensorsFile&, const std::string& like, const std::string& prefix,
               bool (*same)(const Parts&, const Parts&));

} // namespace proofmark::networks
