#include "families/attention_only/model.hpp"

#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace proofmark {

namespace {

constexpr Family family = Family::attention_only;

struct Part {
  const char* name;
  Tensor AttentionOnlyModel::*tensor;
  const char* shape;
};

// In ascending order of name.
constexpr std::array<Part, 7> parts = {{
    {"blocks.0.attn.W_K", &AttentionOnlyModel::key, "[1, d, h]"},
    {"blocks.0.attn.W_O", &AttentionOnlyModel::output, "[1, h, d]"},
    {"blocks.0.attn.W_Q", &AttentionOnlyModel::query, "[1, d, h]"},
    {"blocks.0.attn.W_V", &AttentionOnlyModel::value, "[1, d, h]"},
    {"embed.W_E", &AttentionOnlyModel::embedding, "[V, d]"},
    {"pos_embed.W_pos", &AttentionOnlyModel::positions, "[n, d]"},
    {"unembed.W_U", &AttentionOnlyModel::unembedding, "[d, V]"},
}};

constexpr std::array biases = {"blocks.0.attn.b_K", "blocks.0.attn.b_O", "blocks.0.attn.b_Q", "blocks.0.attn.b_V",
                               "unembed.b_U"};

constexpr const char* expected_tensors =
    "expected embed.W_E [V, d], pos_embed.W_pos [n, d], blocks.0.attn.W_Q, W_K and W_V [1, d, h], blocks.0.attn.W_O "
    "[1, h, d], unembed.W_U [d, V], and biases of zeros only: one layer, one head, no LayerNorm, no MLP; "
    "dict(model.named_parameters()) has no masks";

[[noreturn]] void refuse(const std::string& what, const std::string& hint) {
  throw not_of_family(family, what, hint);
}

void require_zero(const Tensor& bias) {
  const std::size_t count = bias.bytes.size() / size_of(bias.dtype);
  for (std::size_t i = 0; i < count; ++i)
    if (element(bias, i) != 0)
      refuse(fmt::format("the bias '{}' is {} at element {}, expected zeros only", bias.name, element(bias, i), i),
             "train without biases: the family has none");
}

void take_out_biases(std::vector<Tensor>& tensors) {
  std::erase_if(tensors, [](const Tensor& tensor) {
    const bool bias = std::find(biases.begin(), biases.end(), tensor.name) != biases.end();
    if (bias) require_zero(tensor);
    return bias;
  });
}

void require_rank(const Tensor& tensor, const char* shape) {
  const auto rank = static_cast<std::size_t>(std::count(shape, shape + std::string_view(shape).size(), ',')) + 1;
  if (tensor.shape.size() == 3 && rank == 3 && tensor.shape[0] != 1)
    refuse(fmt::format("tensor '{}' has shape {}, expected {}: one head", tensor.name, shape_text(tensor.shape), shape),
           "models of several heads are another family, which no certificate describes yet");
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

void require_shape(const Tensor& tensor, const std::vector<std::uint64_t>& shape, const AttentionOnlyModel& m) {
  if (tensor.shape != shape)
    refuse(fmt::format("tensor '{}' has shape {}, expected {} (n = {}, V = {}, d = {}, h = {})", tensor.name,
                       shape_text(tensor.shape), shape_text(shape), m.context, m.vocabulary, m.width, m.head_width),
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

AttentionOnlyModel attention_only_model(std::vector<Tensor> tensors) {
  take_out_biases(tensors);
  std::vector<std::string> names;
  std::array<Tensor*, parts.size()> places{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    places[i] = &found(family, tensors, parts[i].name, expected_tensors);
    names.emplace_back(parts[i].name);
  }
  require_no_others(family, tensors, names, expected_tensors);

  AttentionOnlyModel m;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    m.*parts[i].tensor = std::move(*places[i]);
    require_rank(m.*parts[i].tensor, parts[i].shape);
  }
  m.context = m.positions.shape[0];
  m.vocabulary = m.embedding.shape[0];
  m.width = m.embedding.shape[1];
  m.head_width = m.query.shape[2];
  require_size("n", m.context, limits::context, m.positions);
  require_size("V", m.vocabulary, limits::attention_vocabulary, m.embedding);
  require_size("d", m.width, limits::width, m.embedding);
  require_size("h", m.head_width, limits::width, m.query);
  require_shape(m.positions, {m.context, m.width}, m);
  for (const Tensor* into_head : {&m.query, &m.key, &m.value}) require_shape(*into_head, {1, m.width, m.head_width}, m);
  require_shape(m.output, {1, m.head_width, m.width}, m);
  require_shape(m.unembedding, {m.width, m.vocabulary}, m);
  for (const Part& part : parts) require_finite(family, m.*part.tensor);
  return m;
}

std::vector<Tensor> tensors(const AttentionOnlyModel& model) {
  std::vector<Tensor> all;
  for (const Part& part : parts) all.push_back(model.*part.tensor);
  return all;
}

std::uint64_t weight_bytes(const AttentionOnlyModel& model) {
  std::uint64_t sum = 0;
  for (const Part& part : parts) sum += (model.*part.tensor).bytes.size();
  return sum;
}

} // namespace proofmark
