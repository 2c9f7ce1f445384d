#include "enumeration/described_model.hpp"

#include "models/tensors.hpp"

#include <algorithm>

namespace proofmark::enumeration {

DescribedModel described_model(networks::Description description, SafetensorsFile file) {
  networks::Network network = networks::network(description, file);
  const std::vector<std::string> used = description.tensors();
  std::erase_if(file.tensors,
                [&](const Tensor& tensor) { return !std::binary_search(used.begin(), used.end(), tensor.name); });
  std::string sha256 = model_sha256(description.text, file.tensors);
  return {std::move(description), std::move(network), std::move(file.tensors), std::move(sha256)};
}

} // namespace proofmark::enumeration
