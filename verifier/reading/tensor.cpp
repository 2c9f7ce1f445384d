#include "reading/tensor.hpp"

#include "reading/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

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
    Layout{DType::uint32, "uint32", 4, 0, 0},
};
const Layout& layout(DType dtype) {
  return layouts.at(static_cast<std::size_t>(dtype));
}

std::uint64_t bits(const Tensor& tensor, std::size_t i) { // of element i
  const std::size_t size = size_of(tensor.dtype);
  std::uint64_t bits = 0;
  for (std::size_t b = 0; b < size; ++b) bits |= std::uint64_t{tensor.bytes[i * size + b]} << (8 * b);
  return bits;
}
std::uint64_t biased_exponent(std::uint64_t bits, const Layout& format) {
  return bits >> format.fraction_bits & ((std::uint64_t{1} << format.exponent_bits) - 1);
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

std::uint64_t elements(const Tensor& tensor) {
  return tensor.bytes.size() / size_of(tensor.dtype);
}
std::string shape_in_words(std::span<const std::uint64_t> shape) {
  std::string words;
  for (const std::uint64_t dimension : shape) words += (words.empty() ? "" : ", ") + std::to_string(dimension);
  return "[" + words + "]";
}

Tensor read_tensor(const std::string& name, const JsonView& json, std::span<const DType> types) {
  const std::string& type = json.at("dtype").text();
  const auto known = dtype(type);
  std::string expected;
  for (const DType allowed : types) expected += (expected.empty() ? "" : ", ") + std::string(verifier::name(allowed));
  require(known.has_value() && std::ranges::find(types, *known) != types.end(), reason::dtype_unknown,
          json.at("dtype").pointer(), expected, shown(type));
  Tensor tensor{name, *known, {}, {}};
  const JsonView shape = json.at("shape");
  const auto dimensions = shape.array();
  require(!dimensions.empty(), reason::type_mismatch, shape.pointer(), "at least one dimension", "none");
  for (const JsonView& dimension : dimensions) {
    tensor.shape.push_back(dimension.unsigned_integer());
    require(tensor.shape.back() >= 1, reason::tensor_size, dimension.pointer(), "a dimension of at least 1", "0");
  }
  const auto bytes = byte_count(tensor.dtype, tensor.shape);
  require(bytes.has_value(), reason::tensor_size, shape.pointer(), "a size below 2^63 bytes", "more");
  const JsonView data = json.at("data");
  tensor.bytes = data.take_data();
  require(tensor.bytes.size() == *bytes, reason::tensor_size, data.pointer(), std::to_string(*bytes) + " bytes",
          std::to_string(tensor.bytes.size()));
  return tensor;
}

void require_finite(const Tensor& tensor, const std::string& pointer, Reason reason) {
  const Layout& format = layout(tensor.dtype);
  const std::uint64_t not_finite = (std::uint64_t{1} << format.exponent_bits) - 1;
  for (std::size_t i = 0; i < elements(tensor); ++i)
    if (biased_exponent(bits(tensor, i), format) == not_finite)
      fail(reason, pointer, "finite numbers", "element " + std::to_string(i) + " is infinite or not a number");
}

kernel::Stored real_value(const Tensor& tensor, std::size_t i) {
  const Layout& format = layout(tensor.dtype);
  const std::uint64_t hidden_bit = std::uint64_t{1} << format.fraction_bits;
  const int bias = (1 << (format.exponent_bits - 1)) - 1 + format.fraction_bits;
  const std::uint64_t all = bits(tensor, i), fraction = all & (hidden_bit - 1), biased = biased_exponent(all, format);
  const bool negative = all >> (8 * size_of(tensor.dtype) - 1) & 1;
  // Subnormal numbers (biased == 0) have no hidden bit and the exponent of biased == 1.
  const auto magnitude = static_cast<std::int64_t>(biased == 0 ? fraction : fraction | hidden_bit);
  // Exact: at most 53 bits, times a power of two that leaves a double.
  return std::ldexp(static_cast<kernel::Stored>(negative ? -magnitude : magnitude),
                    static_cast<int>(std::max<std::uint64_t>(biased, 1)) - bias);
}

std::vector<kernel::Stored> real_values(const Tensor& tensor) {
  std::vector<kernel::Stored> values(elements(tensor));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = real_value(tensor, i);
  return values;
}

std::uint32_t unsigned_value(const Tensor& tensor, std::size_t i) {
  return static_cast<std::uint32_t>(bits(tensor, i));
}

std::vector<std::uint32_t> unsigned_values(const Tensor& tensor) {
  std::vector<std::uint32_t> values(elements(tensor));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = unsigned_value(tensor, i);
  return values;
}

std::optional<std::uint64_t> byte_count(DType dtype, std::span<const std::uint64_t> shape) {
  std::uint64_t count = size_of(dtype);
  for (const std::uint64_t dimension : shape)
    if (__builtin_mul_overflow(count, dimension, &count) || count > static_cast<std::uint64_t>(INT64_MAX))
      return std::nullopt;
  return count;
}

} // namespace verifier
