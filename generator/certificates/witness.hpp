// Witnesses: tensors that a certificate hands to a rule as hints (schema/FORMAT.md, section 6). Whatever they hold, a
// rule stays sound.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace proofmark {

struct Witness {
  std::string dtype; // "uint8", "uint16", "uint32", "float32" or "float64"
  std::vector<std::uint64_t> shape;
  std::vector<std::uint8_t> bytes; // row-major, little-endian

  std::uint64_t elements() const {
    std::uint64_t count = 1;
    for (const std::uint64_t dimension : shape) count *= dimension;
    return count;
  }
};

using Witnesses = std::map<std::string, Witness>; // by name

template <class Element>
Witness witness(std::vector<std::uint64_t> shape, std::span<const Element> elements) {
  static_assert(std::endian::native == std::endian::little, "tensors are stored little-endian");
  Witness result;
  if constexpr (std::is_same_v<Element, std::uint8_t>)
    result.dtype = "uint8";
  else if constexpr (std::is_same_v<Element, std::uint16_t>)
    result.dtype = "uint16";
  else if constexpr (std::is_same_v<Element, std::uint32_t>)
    result.dtype = "uint32";
  else if constexpr (std::is_same_v<Element, float>)
    result.dtype = "float32";
  else {
    static_assert(std::is_same_v<Element, double>, "no such element type in a certificate");
    result.dtype = "float64";
  }
  result.shape = std::move(shape);
  result.bytes.resize(elements.size_bytes());
  std::memcpy(result.bytes.data(), elements.data(), elements.size_bytes());
  return result;
}

} // namespace proofmark
