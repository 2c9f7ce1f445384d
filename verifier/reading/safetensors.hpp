// The reviewer's own copy of the weights (--weights): the safetensors format, read strictly.
#pragma once

#include "reading/tensor.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace verifier {

struct WeightsFile {
  Tensors tensors;                 // of floating-point numbers
  std::vector<std::string> others; // the names of all others: buffers, masks, counters
};

// Fails with safetensors when `file` is not a valid file of the format: offsets that overlap, leave a gap or are out of order, a
// header above 100 MB, duplicate names, sizes that do not match.
WeightsFile read_safetensors(std::string_view file, const std::string& path);

} // namespace verifier
