#include "models/tensors.hpp"

#include "files/digest.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace proofmark {

namespace {

template <class Word>
Word load(const std::uint8_t* bytes) {
  static_assert(std::endian::native == std::endian::little, "tensors are stored little-endian and used in place");
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// IEEE 754 binary16: a subnormal or zero when the exponent field is 0, infinite or not a number when it
// is 31.
double from_float16(std::uint16_t word) {
  const int exponent = word >> 10 & 31;
  const int fraction = word & 1023;
  double magnitude;
  if (exponent == 31)
    magnitude = fraction == 0 ? INFINITY : NAN;
  else if (exponent == 0)
    magnitude = std::ldexp(fraction, -24);
  else
    magnitude = std::ldexp(fraction + 1024, exponent - 25);
  return word >> 15 ? -magnitude : magnitude;
}

std::string names_and_shapes(const std::vector<Tensor>& tensors) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(tensors.size(), most); ++i)
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", in_quotes(tensors[i].name), shape_text(tensors[i].shape));
  if (tensors.size() > most) text += fmt::format(" and {} more", tensors.size() - most);
  return text.empty() ? "no tensors" : text;
}

// "[1, 0, 3]": where the element of that number is.
std::string place_text(const Tensor& tensor, std::size_t index) {
  std::vector<std::uint64_t> place(tensor.shape.size());
  for (std::size_t i = tensor.shape.size(); i-- > 0; index /= tensor.shape[i]) place[i] = index % tensor.shape[i];
  return shape_text(place);
}

} // namespace

const char* const size_hint = "proofmark-verify declines larger models (docs/limits.md)";

Error not_of_family(const Family& family, const std::string& what, const std::string& hint) {
  return Error(Exit::data,
               fmt::format("this is not {} {} model: {}", family.name.front() == 'a' ? "an" : "a", family.name, what),
               hint);
}

Error not_described(const std::string& more, const std::string& hint) {
  return Error(Exit::data, "nothing says what the model computes" + more, hint);
}

namespace {

// Where names of tensors tell no family: then a description may be all that is missing.
Error other_tensors(const Family& family, const std::string& what, const std::string& hint) {
  const Error error = not_of_family(family, what, hint);
  return family.recognises ? error : not_described(fmt::format(", and {}", error.what()), hint);
}

} // namespace

Tensor& found(const Family& family, std::vector<Tensor>& tensors, const std::string& name, const char* expected) {
  for (Tensor& tensor : tensors)
    if (tensor.name == name) return tensor;
  throw other_tensors(family, fmt::format("it has no tensor '{}', but {}", name, names_and_shapes(tensors)), expected);
}

void require_no_others(const Family& family, const std::vector<Tensor>& tensors, const std::vector<std::string>& names,
                       const char* expected) {
  for (const Tensor& tensor : tensors)
    if (std::find(names.begin(), names.end(), tensor.name) == names.end())
      throw other_tensors(family,
                          fmt::format("it has the tensor {} of shape {}, which the family does not have",
                                      in_quotes(tensor.name), shape_text(tensor.shape)),
                          expected);
}

std::optional<std::string> not_finite(const Tensor& tensor) {
  const std::size_t count = tensor.bytes.size() / size_of(tensor.dtype);
  for (std::size_t i = 0; i < count; ++i)
    if (!std::isfinite(element(tensor, i)))
      return fmt::format("tensor {} is {} at {}", in_quotes(tensor.name), element(tensor, i), place_text(tensor, i));
  return {};
}

const char* not_finite_hint(const Tensor& tensor) {
  return tensor.dtype == DType::float16 ? "float16 ends at 65504: save the model as float32 or bfloat16"
                                        : "the training has probably diverged; try a smaller learning rate";
}

void require_finite(const Family& family, const Tensor& tensor) {
  if (const std::optional<std::string> what = not_finite(tensor))
    throw not_of_family(family, *what + ", expected finite numbers", not_finite_hint(tensor));
}

bool all_zero(const Tensor& tensor) {
  for (std::size_t i = 0; i < tensor.bytes.size() / size_of(tensor.dtype); ++i)
    if (element(tensor, i) != 0) return false;
  return true;
}

double element(const Tensor& tensor, std::size_t index) {
  const std::uint8_t* bytes = tensor.bytes.data() + index * size_of(tensor.dtype);
  switch (tensor.dtype) {
  case DType::float16:
    return from_float16(load<std::uint16_t>(bytes));
  case DType::bfloat16:
    return std::bit_cast<float>(std::uint32_t{load<std::uint16_t>(bytes)} << 16);
  case DType::float32:
    return load<float>(bytes);
  case DType::float64:
    return load<double>(bytes);
  }
  throw Error(Exit::internal, "unknown element type");
}

MatrixD exact_values(const Tensor& tensor) {
  const std::size_t rank = tensor.shape.size();
  if (rank != 2 && !(rank == 3 && tensor.shape[0] == 1))
    throw Error(Exit::internal, "tensor " + in_quotes(tensor.name) + " is not a matrix");
  MatrixD values(tensor.shape[rank - 2], tensor.shape[rank - 1]);
  for (Eigen::Index i = 0; i < values.size(); ++i) values.data()[i] = element(tensor, static_cast<std::size_t>(i));
  return values;
}

std::string model_sha256(const std::string& architecture, const std::vector<Tensor>& tensors) {
  Sha256 digest;
  digest.update("proofmark-model 2\n").update(fmt::format("architecture {}\n", architecture));
  for (const Tensor& tensor : tensors) {
    std::string shape;
    for (const std::uint64_t size : tensor.shape) {
      if (!shape.empty()) shape += 'x';
      shape += std::to_string(size);
    }
    digest.update(fmt::format("{} {} {}\n", tensor.name, certificate_name(tensor.dtype), shape)).update(tensor.bytes);
  }
  return digest.hex();
}

} // namespace proofmark
