#include "token_sum_model.hpp"

#include "digest.hpp"
#include "error.hpp"
#include "in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace proofmark {

namespace {

constexpr std::uint64_t largest_vocabulary = 16384;
constexpr std::uint64_t largest_width = 4096;

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

[[noreturn]] void refuse(const std::string& what, const std::string& hint) {
  throw Error(Exit::data, "this is not a token-sum model: " + what, hint);
}

constexpr const char* expected_tensors =
    "expected exactly embedding.weight [d, V], linear.weight [d, d] and unembedding.weight [V, d], without biases; "
    "docs/interop.md shows how to rename, transpose and convert";

std::string names_and_shapes(const std::vector<Tensor>& tensors) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(tensors.size(), most); ++i)
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", in_quotes(tensors[i].name), shape_text(tensors[i].shape));
  if (tensors.size() > most) text += fmt::format(" and {} more", tensors.size() - most);
  return text.empty() ? "no tensors" : text;
}

Tensor& found(std::vector<Tensor>& tensors, const char* name) {
  for (Tensor& tensor : tensors)
    if (tensor.name == name) return tensor;
  refuse(fmt::format("it has no tensor '{}', but {}", name, names_and_shapes(tensors)), expected_tensors);
}

void require_no_others(const std::vector<Tensor>& tensors) {
  for (const Tensor& tensor : tensors)
    if (tensor.name != "embedding.weight" && tensor.name != "linear.weight" && tensor.name != "unembedding.weight")
      refuse(fmt::format("it has the tensor {} of shape {}, which the family does not have", in_quotes(tensor.name),
                         shape_text(tensor.shape)),
             expected_tensors);
}

void require_matrix(const Tensor& tensor, const char* shape) {
  if (tensor.shape.size() != 2)
    refuse(fmt::format("tensor '{}' has shape {}, expected {}", tensor.name, shape_text(tensor.shape), shape),
           expected_tensors);
}

using Shape = std::vector<std::uint64_t>;

// V and d as most of the tensors have them, so that the one that differs is the one that is named.
struct Sizes {
  std::uint64_t vocabulary, width;
};
Sizes likely_sizes(const TokenSumModel& m) {
  const Shape &e = m.embedding.shape, &u = m.unembedding.shape;
  const auto wrong = [&](const Sizes& s) {
    return (e != Shape{s.width, s.vocabulary}) + (m.linear.shape != Shape{s.width, s.width}) +
           (u != Shape{s.vocabulary, s.width});
  };
  const Sizes by_unembedding{u[0], u[1]}, by_embedding{e[1], e[0]};
  return wrong(by_embedding) < wrong(by_unembedding) ? by_embedding : by_unembedding;
}

void require_shape(const Tensor& tensor, std::uint64_t rows, std::uint64_t columns, const Sizes& sizes) {
  if (tensor.shape == Shape{rows, columns}) return;
  const bool transposed = tensor.shape == Shape{columns, rows};
  refuse(fmt::format("tensor '{}' has shape {}, expected [{}, {}] (V = {}, d = {})", tensor.name,
                     shape_text(tensor.shape), rows, columns, sizes.vocabulary, sizes.width),
         transposed ? "save its transpose, .T.contiguous() (nn.Linear stores [out, in], nn.Embedding stores [V, d])"
                    : expected_tensors);
}

void require_finite(const Tensor& tensor) {
  const std::size_t count = tensor.bytes.size() / size_of(tensor.dtype);
  for (std::size_t i = 0; i < count; ++i)
    if (!std::isfinite(element(tensor, i)))
      refuse(fmt::format("tensor '{}' is {} at [{}, {}], expected finite numbers", tensor.name, element(tensor, i),
                         i / tensor.shape[1], i % tensor.shape[1]),
             "the training has probably diverged; try a smaller learning rate");
}

} // namespace

TokenSumModel token_sum_model(std::vector<Tensor> tensors) {
  Tensor& embedding = found(tensors, "embedding.weight");
  Tensor& linear = found(tensors, "linear.weight");
  Tensor& unembedding = found(tensors, "unembedding.weight");
  require_no_others(tensors);
  TokenSumModel model;
  model.embedding = std::move(embedding);
  model.linear = std::move(linear);
  model.unembedding = std::move(unembedding);
  require_matrix(model.embedding, "[d, V]");
  require_matrix(model.linear, "[d, d]");
  require_matrix(model.unembedding, "[V, d]");

  const Sizes sizes = likely_sizes(model);
  model.vocabulary = sizes.vocabulary;
  model.width = sizes.width;
  if (model.vocabulary < 1 || model.vocabulary > largest_vocabulary || model.width < 1 || model.width > largest_width)
    refuse(fmt::format("tensor 'unembedding.weight' has shape {}, expected [V, d] with V from 1 to {} and d "
                       "from 1 to {}",
                       shape_text(model.unembedding.shape), largest_vocabulary, largest_width),
           "the format has no larger models (docs/limits.md)");
  require_shape(model.linear, model.width, model.width, sizes);
  require_shape(model.embedding, model.width, model.vocabulary, sizes);
  require_shape(model.unembedding, model.vocabulary, model.width, sizes);
  for (const Tensor* tensor : {&model.embedding, &model.linear, &model.unembedding}) require_finite(*tensor);
  return model;
}

std::vector<Tensor> tensors(const TokenSumModel& model) {
  return {model.embedding, model.linear, model.unembedding};
}

MatrixD exact_values(const Tensor& tensor) {
  if (tensor.shape.size() != 2) throw Error(Exit::internal, "tensor " + in_quotes(tensor.name) + " is not a matrix");
  MatrixD values(tensor.shape[0], tensor.shape[1]);
  for (Eigen::Index i = 0; i < values.size(); ++i) values.data()[i] = element(tensor, static_cast<std::size_t>(i));
  return values;
}

std::string model_sha256(const TokenSumModel& model) {
  Sha256 digest;
  digest.update("proofmark-model 1\n").update("family token-sum\n");
  for (const Tensor* tensor : {&model.embedding, &model.linear, &model.unembedding}) // ascending order of name
    digest
        .update(fmt::format("{} {} {}x{}\n", tensor->name, certificate_name(tensor->dtype), tensor->shape[0],
                            tensor->shape[1]))
        .update(tensor->bytes);
  return digest.hex();
}

} // namespace proofmark
