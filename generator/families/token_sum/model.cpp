#include "families/token_sum/model.hpp"

#include "support/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark {

namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& hint) {
  throw not_of_family(Family::token_sum, what, hint);
}

constexpr const char* expected_tensors =
    "expected exactly embedding.weight [d, V], linear.weight [d, d] and unembedding.weight [V, d], without biases; "
    "docs/interop.md shows how to rename, transpose and convert";

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

} // namespace

TokenSumModel token_sum_model(std::vector<Tensor> tensors) {
  constexpr Family family = Family::token_sum;
  Tensor& embedding = found(family, tensors, "embedding.weight", expected_tensors);
  Tensor& linear = found(family, tensors, "linear.weight", expected_tensors);
  Tensor& unembedding = found(family, tensors, "unembedding.weight", expected_tensors);
  require_no_others(family, tensors, {"embedding.weight", "linear.weight", "unembedding.weight"}, expected_tensors);
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
  if (model.vocabulary < 1 || model.vocabulary > limits::vocabulary || model.width < 1 || model.width > limits::width)
    refuse(fmt::format("tensor 'unembedding.weight' has shape {}, expected [V, d] with V from 1 to {} and d "
                       "from 1 to {}",
                       shape_text(model.unembedding.shape), limits::vocabulary, limits::width),
           size_hint);
  require_shape(model.linear, model.width, model.width, sizes);
  require_shape(model.embedding, model.width, model.vocabulary, sizes);
  require_shape(model.unembedding, model.vocabulary, model.width, sizes);
  for (const Tensor* tensor : {&model.embedding, &model.linear, &model.unembedding}) require_finite(family, *tensor);
  return model;
}

std::vector<Tensor> tensors(const TokenSumModel& model) {
  return {model.embedding, model.linear, model.unembedding};
}

std::uint64_t weight_bytes(const TokenSumModel& model) {
  return model.embedding.bytes.size() + model.linear.bytes.size() + model.unembedding.bytes.size();
}

} // namespace proofmark
