#include "families/token_sum/model.hpp"

#include "families/families.hpp"
#include "models/tensors.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark {

namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& hint) {
  throw not_of_family(token_sum_family, what, hint);
}

constexpr const char* expected_tensors =
    "any other network needs --architecture, a description ('proofmark describe' writes it); without it: expected "
    "exactly embedding.weight [d, V], linear.weight [d, d] and unembedding.weight [V, d], without biases, or with "
    "biases of zeros";

void require_matrix(const Tensor& tensor, const char* shape) {
  if (tensor.shape.size() != 2)
    refuse(fmt::format("tensor '{}' has shape {}, expected {}", tensor.name, shape_text(tensor.shape), shape),
           expected_tensors);
}

using Dimensions = std::vector<std::uint64_t>;

// V and d as most of the tensors have them, so that the one that differs is the one that is named.
struct Sizes {
  std::uint64_t vocabulary, width;
};
Sizes likely_sizes(const Dimensions& e, const Dimensions& linear, const Dimensions& u) {
  const auto wrong = [&](const Sizes& s) {
    return (e != Dimensions{s.width, s.vocabulary}) + (linear != Dimensions{s.width, s.width}) +
           (u != Dimensions{s.vocabulary, s.width});
  };
  const Sizes by_unembedding{u[0], u[1]}, by_embedding{e[1], e[0]};
  return wrong(by_embedding) < wrong(by_unembedding) ? by_embedding : by_unembedding;
}

void require_shape(const Tensor& tensor, std::uint64_t rows, std::uint64_t columns, const Sizes& sizes) {
  if (tensor.shape == Dimensions{rows, columns}) return;
  const bool transposed = tensor.shape == Dimensions{columns, rows};
  refuse(fmt::format("tensor '{}' has shape {}, expected [{}, {}] (V = {}, d = {})", tensor.name,
                     shape_text(tensor.shape), rows, columns, sizes.vocabulary, sizes.width),
         transposed ? "save its transpose, .T.contiguous() (nn.Linear stores [out, in], nn.Embedding stores [V, d])"
                    : expected_tensors);
}

} // namespace

Model token_sum_model(std::vector<Tensor> tensors) {
  const Family& family = token_sum_family;
  std::erase_if(tensors, [](const Tensor& tensor) { return tensor.name.ends_with(".bias") && all_zero(tensor); });
  Tensor& embedding = found(family, tensors, token_sum::embedding, expected_tensors);
  Tensor& linear = found(family, tensors, token_sum::linear, expected_tensors);
  Tensor& unembedding = found(family, tensors, token_sum::unembedding, expected_tensors);
  require_no_others(family, tensors, {token_sum::embedding, token_sum::linear, token_sum::unembedding},
                    expected_tensors);
  require_matrix(embedding, "[d, V]");
  require_matrix(linear, "[d, d]");
  require_matrix(unembedding, "[V, d]");

  const Sizes sizes = likely_sizes(embedding.shape, linear.shape, unembedding.shape);
  const auto [V, d] = sizes;
  if (V < 1 || V > limits::vocabulary || d < 1 || d > limits::width)
    refuse(fmt::format("tensor 'unembedding.weight' has shape {}, expected [V, d] with V from 1 to {} and d "
                       "from 1 to {}",
                       shape_text(unembedding.shape), limits::vocabulary, limits::width),
           size_hint);
  require_shape(linear, d, d, sizes);
  require_shape(embedding, d, V, sizes);
  require_shape(unembedding, V, d, sizes);
  for (const Tensor* tensor : {&embedding, &linear, &unembedding}) require_finite(family, *tensor);
  return {&family, V, d, 0, {}, {std::move(embedding), std::move(linear), std::move(unembedding)}};
}

} // namespace proofmark
