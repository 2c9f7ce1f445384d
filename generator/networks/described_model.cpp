#include "networks/described_model.hpp"

#include "models/tensors.hpp"

#include <algorithm>

namespace proofmark::networks {

DescribedModel model_of(Description description, SafetensorsFile file) {
  Network network = networks::network(description, file);
  const std::vector<std::string> used = description.tensors();
  std::erase_if(file.tensors,
                [&](const Tensor& tensor) { return !std::binary_search(used.begin(), used.end(), tensor.name); });
  std::string sha256 = model_sha256(description.text, file.tensors);
  return {std::move(description), std::move(network), std::move(file.tensors), std::move(sha256)};
}

} // namespace proofmark::networks
