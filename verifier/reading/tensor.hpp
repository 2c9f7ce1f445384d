// Stored arrays: their bytes and their exact values.
#pragma once

#include "kernel/tensor.hpp"
#include "reading/json_reader.hpp"
#include "reading/reason.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

enum class DType { float16, bfloat16, float32, float64, uint8, uint16, uint32 };

std::optional<DType> dtype(std::string_view name); // "float32"
std::string_view name(DType);
std::size_t size_of(DType);                                       // bytes of one element
std::string shape_in_words(std::span<const std::uint64_t> shape); // "[2, 3]"

struct Tensor {
  std::string name;
  DType dtype;
  std::vector<std::uint64_t> shape; // dimensions, each at least 1
  std::vector<std::uint8_t> bytes;  // row-major, little-endian; exactly the elements

  bool operator==(const Tensor&) const = default;
};

std::uint64_t elements(const Tensor&);

// Fails with dtype-unknown for an element type that is not among `types`, and with tensor-size.
Tensor read_tensor(const std::string& name, const JsonView&, std::span<const DType> types);

using Tensors = std::map<std::string, Tensor>; // by name

// All elements are finite, of a tensor of reals; fails with the reason given, and a pointer to the tensor.
void require_finite(const Tensor&, const std::string& pointer, Reason);
// An element of a tensor of reals that are finite, exactly: every float16 .. float64 is a double; all of them.
kernel::Stored real_value(const Tensor&, std::size_t i);
std::vector<kernel::Stored> real_values(const Tensor&);
// An element of a tensor of unsigned integers; all of them.
std::uint32_t unsigned_value(const Tensor&, std::size_t i);
std::vector<std::uint32_t> unsigned_values(const Tensor&);

// dim · dim · size_of(dtype), or nothing when that exceeds 2^63 (checked before any allocation).
std::optional<std::uint64_t> byte_count(DType, std::span<const std::uint64_t> shape);

} // namespace verifier
