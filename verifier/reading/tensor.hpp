// Stored arrays: their bytes, their exact values, and the digest that names a model.
#pragma once

#include "reading/reason.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

enum class DType { float16, bfloat16, float32, float64, uint8, uint16 };

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

// A tensor of a family.
struct TensorName {
  std::string name;
  std::size_t dimensions;
};

// The number mantissa · 2^exponent, exactly. No floating-point unit is involved in reading it.
struct Dyadic {
  std::int64_t mantissa;
  int exponent;
};

// Every element of a tensor of reals; fails with the reason given (and a pointer to the tensor) for an infinity
// or NaN.
std::vector<Dyadic> exact_values(const Tensor&, const std::string& pointer, Reason not_finite);
// Every element of a tensor of unsigned integers.
std::vector<std::uint16_t> unsigned_values(const Tensor&);

// dim · dim · size_of(dtype), or nothing when that exceeds 2^63 (checked before any allocation).
std::optional<std::uint64_t> byte_count(DType, std::span<const std::uint64_t> shape);

// schema/FORMAT.md, section 5; for any order of the tensors.
std::string model_digest(std::string_view family, const std::vector<Tensor>& tensors);

} // namespace verifier
