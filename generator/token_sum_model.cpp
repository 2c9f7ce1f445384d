#include "token_sum_model.hpp"

#include "digest.hpp"
#include "error.hpp"
#include "in_quotes.hpp"

#include <fmt/format.h>

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

Tensor take(std::vector<Tensor>& tensors, const std::string& name) {
  for (auto tensor = tensors.begin(); tensor != tensors.end(); ++tensor) {
    if (tensor->name == name) {
      Tensor taken = std::move(*tensor);
      tensors.erase(tensor);
      return taken;
    }
  }
  refuse("it has no tensor '" + name + "'", "the model's layers must be called embedding, linear and unembedding");
}

void require_shape(const Tensor& tensor, std::uint64_t rows, std::uint64_t columns) {
  if (tensor.shape != std::vector{rows, columns}) {
    const bool transposed = tensor.shape == std::vector{columns, rows};
    refuse(fmt::format("tensor '{}' has shape {}, expected [{}, {}]", tensor.name, shape_text(tensor.shape), rows,
                       columns),
           transposed ? "save its transpose (nn.Linear stores [out, in], nn.Embedding stores [V, d])"
                      : "all three layers must have the same V and d");
  }
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
  TokenSumModel model;
  model.embedding = take(tensors, "embedding.weight");
  model.linear = take(tensors, "linear.weight");
  model.unembedding = take(tensors, "unembedding.weight");
  if (!tensors.empty())
    refuse("it has the tensor " + in_quotes(tensors.front().name) + ", which the family does not have",
           "the layers have no bias: nn.Linear(..., bias=False)");

  if (model.unembedding.shape.size() != 2)
    refuse("tensor 'unembedding.weight' has shape " + shape_text(model.unembedding.shape) + ", expected [V, d]", "");
  model.vocabulary = model.unembedding.shape[0];
  model.width = model.unembedding.shape[1];
  if (model.vocabulary < 1 || model.vocabulary > largest_vocabulary || model.width < 1 || model.width > largest_width)
    refuse(fmt::format("tensor 'unembedding.weight' has shape {}, expected [V, d] with V from 1 to {} and d "
                       "from 1 to {}",
                       shape_text(model.unembedding.shape), largest_vocabulary, largest_width),
           "");
  require_shape(model.linear, model.width, model.width);
  require_shape(model.embedding, model.width, model.vocabulary);
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
