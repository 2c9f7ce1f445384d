#include "reading/tensor.hpp"

#include "reading/reason.hpp"
#include "reading/sha256.hpp"

#include <algorithm>
#include <array>

namespace verifier {
namespace {

// Layout of an IEEE 754 interchange format (bfloat16 follows the same scheme), or of an unsigned integer: no exponent.
struct Layout {
  DType dtype;
  std::string_view name;
  int bytes, exponent_bits, fraction_bits;
};
constexpr std::array layouts = {
    Layout{DType::float16, "float16", 2, 5, 10}, Layout{DType::bfloat16, "bfloat16", 2, 8, 7},
    Layout{DType::float32, "float32", 4, 8, 23}, Layout{DType::float64, "float64", 8, 11, 52},
    Layout{DType::uint8, "uint8", 1, 0, 0},      Layout{DType::uint16, "uint16", 2, 0, 0},
};
const Layout& layout(DType dtype) {
  return layouts.at(static_cast<std::size_t>(dtype));
}

} // namespace

std::optional<DType> dtype(std::string_view name) {
  for (const Layout& row : layouts)
    if (row.name == name) return row.dtype;
  return std::nullopt;
}

std::string_view name(DType dtype) {
  return layout(dtype).name;
}
std::size_t size_of(DType dtype) {
  return static_cast<std::size_t>(layout(dtype).bytes);
}

std::string shape_in_words(std::span<const std::uint64_t> shape) {
  std::string words;
  for (const std::uint64_t dimension : shape) words += (words.empty() ? "" : ", ") + std::to_string(dimension);
  return "[" + words + "]";
}

std::vector<Dyadic> exact_values(const Tensor& tensor, const std::string& pointer, Reason not_finite) {
  const Layout& format = layout(tensor.dtype);
  const std::size_t size = size_of(tensor.dtype);
  const std::uint64_t exponent_mask = (std::uint64_t{1} << format.exponent_bits) - 1;
  const std::uint64_t hidden_bit = std::uint64_t{1} << format.fraction_bits;
  const int bias = (1 << (format.exponent_bits - 1)) - 1 + format.fraction_bits;
  std::vector<Dyadic> values(tensor.bytes.size() / size);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint64_t bits = 0;
    for (std::size_t b = 0; b < size; ++b) bits |= std::uint64_t{tensor.bytes[i * size + b]} << (8 * b);
    const std::uint64_t fraction = bits & (hidden_bit - 1), biased = bits >> format.fraction_bits & exponent_mask;
    const bool negative = bits >> (8 * size - 1) & 1;
    if (biased == exponent_mask)
      fail(not_finite, pointer, "finite numbers", "element " + std::to_string(i) + " is infinite or not a number");
    // Subnormal numbers (biased == 0) have no hidden bit and the exponent of biased == 1.
    const auto magnitude = static_cast<std::int64_t>(biased == 0 ? fraction : fraction | hidden_bit);
    values[i] = {negative ? -magnitude : magnitude, static_cast<int>(std::max<std::uint64_t>(biased, 1)) - bias};
  }
  return values;
}

std::vector<std::uint16_t> unsigned_values(const Tensor& tensor) {
  const std::size_t size = size_of(tensor.dtype);
  std::vector<std::uint16_t> values(tensor.bytes.size() / size);
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t b = 0; b < size; ++b)
      values[i] = static_cast<std::uint16_t>(values[i] | tensor.bytes[i * size + b] << (8 * b));
  return values;
}

std::optional<std::uint64_t> byte_count(DType dtype, std::span<const std::uint64_t> shape) {
  std::uint64_t count = size_of(dtype);
  for (const std::uint64_t dimension : shape)
    if (__builtin_mul_overflow(count, dimension, &count) || count > static_cast<std::uint64_t>(INT64_MAX))
      return std::nullopt;
  return count;
}

std::string model_digest(std::string_view family, const std::vector<Tensor>& tensors) {
  std::vector<const Tensor*> sorted;
  for (const Tensor& tensor : tensors) sorted.push_back(&tensor);
  std::ranges::sort(sorted, {}, [](const Tensor* tensor) { return tensor->name; });
  Sha256 hash;
  hash.update("proofmark-model 1\nfamily " + std::string(family) + "\n");
  for (const Tensor* tensor : sorted) {
    std::string line = tensor->name + " " + std::string(name(tensor->dtype)) + " ";
    for (std::size_t i = 0; i < tensor->shape.size(); ++i)
      line += (i == 0 ? "" : "x") + std::to_string(tensor->shape[i]);
    hash.update(line + "\n");
    hash.update(tensor->bytes);
  }
  return hash.hexadecimal();
}

} // namespace verifier
