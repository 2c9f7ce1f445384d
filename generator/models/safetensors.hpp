// Models on disk: the safetensors format, read strictly and written canonically.
//
// A file is an 8-byte little-endian header length, a JSON header, and the tensors' bytes. We refuse what the
// format's own documentation refuses (overlapping, gapped or out-of-order offsets, duplicate names, a header
// above 100 MB, a header that does not start with '{'). Booleans and integers are read, but are no weights.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark {

class AtomicFile;

enum class DType { float16, bfloat16, float32, float64 };

std::size_t size_of(DType);                                    // bytes of one element
std::string certificate_name(DType);                           // "float32", as certificates write it
std::string safetensors_name(DType);                           // "F32", as safetensors files write it
std::optional<DType> certificate_dtype(std::string_view name); // "float32"; nothing for what is none of these

// One named array. `bytes` holds the elements in row-major order, little-endian, exactly as in the file.
struct Tensor {
  std::string name;
  DType dtype = DType::float32;
  std::vector<std::uint64_t> shape;
  std::vector<std::uint8_t> bytes;
};

// One of booleans or integers: a mask, a counter, a list of inputs.
struct OtherTensor {
  std::string name;
  std::string type; // as the file has it: "BOOL", "U8", "I64", ..
  std::vector<std::uint64_t> shape;
  std::vector<std::uint8_t> bytes;
};

// Tensors, sorted by name, and the strings of `__metadata__`.
struct SafetensorsFile {
  std::vector<Tensor> tensors;
  std::map<std::string, std::string> metadata;
  std::vector<OtherTensor> others = {};
};

std::string shape_text(const std::vector<std::uint64_t>&); // "[128, 2048]", for messages

// Throws Error: io when the file cannot be read, data when it is not a valid safetensors file. Takes no memory that a
// header merely declares: sizes are compared with the file's first.
SafetensorsFile read_safetensors(const std::filesystem::path&);

// Writes to a temporary sibling and renames it. Tensors, other ones left out, are written in ascending order of name.
// Throws Error (io).
void write_safetensors(const std::filesystem::path&, SafetensorsFile);
void write_safetensors(AtomicFile&, SafetensorsFile); // the same into a file opened earlier; commits it

} // namespace proofmark
