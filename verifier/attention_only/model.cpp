#include "model.hpp"

#include "../limits.hpp"
#include "../reason.hpp"

#include <algorithm>

namespace verifier::attention_only {
namespace {

std::string shape_of(const std::string& name) {
  return "/model/tensors/" + name + "/shape";
}

} // namespace

std::vector<TensorName> tensor_names() {
  return {{key_name, 3},       {output_name, 3},    {query_name, 3},      {value_name, 3},
          {embedding_name, 2}, {positions_name, 2}, {unembedding_name, 2}};
}

const Tensor& tensor(const Certificate& certificate, const std::string& name) {
  return *std::ranges::find(certificate.tensors, name, &Tensor::name);
}

Widths widths(const Certificate& certificate) {
  return {tensor(certificate, embedding_name).shape[1], tensor(certificate, query_name).shape[2]};
}

void require_shapes(const Certificate& certificate) {
  const auto [n, V] = certificate.task;
  const auto [d, h] = widths(certificate);
  require(V <= limits::attention_vocabulary, Reason::limit_vocabulary, "/task/vocabulary",
          "at most " + std::to_string(limits::attention_vocabulary) + " for this family", std::to_string(V));
  require(d <= limits::width, Reason::limit_width, shape_of(embedding_name),
          "a width of at most " + std::to_string(limits::width), std::to_string(d));
  require(h <= limits::width, Reason::limit_width, shape_of(query_name),
          "a head width of at most " + std::to_string(limits::width), std::to_string(h));
  const auto require_shape = [&](const std::string& name, const std::vector<std::uint64_t>& expected) {
    const auto& shape = tensor(certificate, name).shape;
    require(shape == expected, Reason::tensor_shape, shape_of(name), shape_in_words(expected), shape_in_words(shape));
  };
  require_shape(embedding_name, {V, d});
  require_shape(positions_name, {n, d});
  for (const char* name : {query_name, key_name, value_name}) require_shape(name, {1, d, h});
  require_shape(output_name, {1, h, d});
  require_shape(unembedding_name, {d, V});
}

} // namespace verifier::attention_only
