// The reader of the reviewer's own weights. Tensors that it accepts have the bytes that their shapes need.
#include "safetensors.hpp"

#include <cstdlib>

using namespace verifier;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto tensors = read_safetensors({reinterpret_cast<const char*>(data), size}, "weights");
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (i > 0 && tensors[i - 1].name >= tensors[i].name) std::abort();
      if (byte_count(tensors[i].dtype, tensors[i].shape) != tensors[i].bytes.size()) std::abort();
      bytes += tensors[i].bytes.size();
    }
    if (bytes > size) std::abort();
  } catch (const Failure& failure) {
    if (failure.reason == Reason::internal) std::abort();
  }
  return 0;
}
