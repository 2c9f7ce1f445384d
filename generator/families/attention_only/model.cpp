#include "families/attention_only/model.hpp"

#include "families/families.hpp"
#include "models/tensors.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace proofmark {

namespace {

const Family& family = attention_only_family;

struct Part {
  const char *name, *shape;
};

// In ascending order of name.
constexpr std::array<Part, 7> parts = {{
    {attention_only::key, "[1, d, h]"},
    {attention_only::output, "[1, h, d]"},
    {attention_only::query, "[1, d, h]"},
    {attention_only::value, "[1, d, h]"},
    {attention_only::embedding, "[V, d]"},
    {attention_only::positions, "[n, d]"},
    {attention_only::unembedding, "[d, V]"},
}};

constexpr std::array biases = {"blocks.0.attn.b_K", "blocks.0.attn.b_O", "blocks.0.attn.b_Q", "blocks.0.attn.b_V",
                               "unembed.b_U"};

constexpr const char* expected_tensors =
    "any other network needs --architecture, a description ('proofmark describe' writes it); without it: expected "
    "embed.W_E [V, d], pos_embed.W_pos [n, d], blocks.0.attn.W_Q, W_K and W_V [1, d, h], blocks.0.attn.W_O [1, h, d], "
    "unembed.W_U [d, V], and biases of zeros only: one layer, one head, no LayerNorm, no MLP";

[[noreturn]] void refuse(const std::string& what, const std::string& hint) {
  throw not_of_family(family, what, hint);
}

void require_zero(const Tensor& bias) {
  const std::size_t count = bias.bytes.size() / size_of(bias.dtype);
  for (std::size_t i = 0; i < count; ++i)
    if (element(bias, i) != 0)
      refuse(fmt::format("the bias '{}' is {} at element {}, expected zeros only", bias.name, element(bias, i), i),
             "'proofmark describe' writes the description of a model with biases");
}

// What adds nothing: biases of zeros, and the number that TransformerLens once kept for masked scores.
void take_out_zeros(std::vector<Tensor>& tensors) {
  std::erase_if(tensors, [](const Tensor& tensor) {
    const bool bias = std::find(biases.begin(), biases.end(), tensor.name) != biases.end();
    if (bias) require_zero(tensor);
    return bias || tensor.name == "blocks.0.attn.IGNORE";
  });
}

void require_rank(const Tensor& tensor, const char* shape) {
  const auto rank = static_cast<std::size_t>(std::count(shape, shape + std::string_view(shape).size(), ',')) + 1;
  if (tensor.shape.size() == 3 && rank == 3 && tensor.shape[0] != 1)
    refuse(fmt::format("tensor '{}' has shape {}, expected {}: one head", tensor.name, shape_text(tensor.shape), shape),
           "'proofmark describe' writes the description of a model of several heads");
  if (tensor.shape.size() != rank)
    refuse(fmt::format("tensor '{}' has shape {}, expected {}", tensor.name, shape_text(tensor.shape), shape),
           expected_tensors);
}

void require_size(const char* letter, std::uint64_t size, std::uint64_t largest, const Tensor& tensor) {
  if (size < 1 || size > largest)
    refuse(fmt::format("tensor '{}' has shape {}, expected {} from 1 to {}", tensor.name, shape_text(tensor.shape),
                       letter, largest),
           size_hint);
}

void require_shape(const Tensor& tensor, const std::vector<std::uint64_t>& shape, const Model& m) {
  if (tensor.shape != shape)
    refuse(fmt::format("tensor '{}' has shape {}, expected {} (n = {}, V = {}, d = {}, h = {})", tensor.name,
                       shape_text(tensor.shape), shape_text(shape), *m.context, m.vocabulary, m.width, m.head_width),
           expected_tensors);
}

} // namespace

bool looks_attention_only(const std::vector<Tensor>& tensors) {
  return std::any_of(tensors.begin(), tensors.end(), [](const Tensor& tensor) {
    for (const char* const prefix : {"blocks.", "embed.", "pos_embed.", "unembed."})
      if (tensor.name.starts_with(prefix)) return true;
    return false;
  });
}

Model attention_only_model(std::vector<Tensor> tensors) {
  take_out_zeros(tensors);
  std::vector<std::string> names;
  for (const Part& part : parts) {
    found(family, tensors, part.name, expected_tensors);
    names.emplace_back(part.name);
  }
  require_no_others(family, tensors, names, expected_tensors);

  Model m;
  m.family = &family;
  for (const Part& part : parts) {
    m.tensors.push_back(std::move(found(family, tensors, part.name, expected_tensors)));
    require_rank(m.tensors.back(), part.shape);
  }
  const auto of = [&](const char* name) -> const Tensor& { return tensor(m, name); };
  const Tensor &embedding = of(attention_only::embedding), &positions = of(attention_only::positions),
               &query = of(attention_only::query);
  const std::uint64_t n = positions.shape[0], V = embedding.shape[0], d = embedding.shape[1], h = query.shape[2];
  m.context = n, m.vocabulary = V, m.width = d, m.head_width = h;
  require_size("n", n, limits::context, positions);
  require_size("V", V, limits::attention_vocabulary, embedding);
  require_size("d", d, limits::width, embedding);
  require_size("h", h, limits::width, query);
  require_shape(positions, {n, d}, m);
  for (const char* into_head : {attention_only::query, attention_only::key, attention_only::value})
    require_shape(of(into_head), {1, d, h}, m);
  require_shape(of(attention_only::output), {1, h, d}, m);
  require_shape(of(attention_only::unembedding), {d, V}, m);
  for (const Tensor& tensor : m.tensors) require_finite(family, tensor);
  return m;
}

} // namespace proofmark
