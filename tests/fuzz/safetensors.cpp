// The reader of the reviewer's own weights. Tensors that it accepts have the bytes that their shapes need.
#include "reading/safetensors.hpp"

#include <cstdlib>

using namespace verifier;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const WeightsFile file = read_safetensors({reinterpret_cast<const char*>(data), size}, "weights");
    std::size_t bytes = 0;
    for (const auto& [name, tensor] : file.tensors) {
      if (tensor.name != name) std::abort();
      if (byte_count(tensor.dtype, tensor.shape) != tensor.bytes.size()) std::abort();
      bytes += tensor.bytes.size();
    }
    if (bytes > size) std::abort();
  } catch (const Failure& failure) {
    if (failure.reason == reason::internal) std::abort();
  }
  return 0;
}
