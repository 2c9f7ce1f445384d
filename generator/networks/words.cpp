#include "networks/words.hpp"

#include "networks/model_shape.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark::networks {

namespace {

using Named = Block<Names>;

std::string plural(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string norm_name(const Norm<Names>& norm) {
  return norm.kind == NormKind::layer ? "layer norm" : "RMS norm";
}

std::string activation_name(Activation activation) {
  switch (activation) {
  case Activation::relu:
    return "ReLU";
  case Activation::gelu:
    return "GELU";
  case Activation::gelu_tanh:
    return "GELU by tanh";
  case Activation::silu:
    return "SiLU";
  case Activation::tanh:
    return "tanh";
  }
  return {};
}

std::string part_name(const Description::Part& part) {
  if (const auto* norm = std::get_if<Norm<Names>>(&part)) return norm_name(*norm);
  if (const auto* activation = std::get_if<Activation>(&part)) return activation_name(*activation);
  return "map";
}

std::string attention_name(const Attention<Names>& a) {
  std::string text = plural(a.heads, "head");
  if (a.scores.kind == Scores::Kind::factor) text += ", scores times " + a.scores.factor.text;
  const char* kind = a.scores.kind == Scores::Kind::unscaled  ? "unscaled "
                     : a.scores.kind == Scores::Kind::uniform ? "uniform "
                                                              : "";
  return fmt::format("{}{}attention with {}", kind, a.causal ? "causal " : "", text);
}

std::string block_name(const Named& block) {
  const auto joined = [&](const std::string& part, const std::optional<Norm<Names>>& norm) {
    if (!norm) return part;
    return block.post ? part + ", " + norm_name(*norm) : norm_name(*norm) + ", " + part;
  };
  std::string attention, mlp;
  if (block.attention) attention = joined(attention_name(*block.attention), block.attention->norm);
  if (block.mlp) mlp = joined(activation_name(block.mlp->activation) + " MLP", block.mlp->norm);
  if (attention.empty() || mlp.empty()) return attention + mlp;
  return attention + (block.block_input ? " beside " : "; ") + mlp;
}

// Blocks that are alike are said once.
std::string blocks_name(const std::vector<Named>& blocks) {
  std::vector<std::string> names;
  for (const Named& block : blocks) names.push_back(block_name(block));
  if (std::all_of(names.begin(), names.end(), [&](const std::string& name) { return name == names[0]; }))
    return fmt::format("{} ({})", plural(blocks.size(), "block"), names[0]);
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += fmt::format("{}block {} ({})", i == 0 ? "" : ", ", i + 1, names[i]);
  return text;
}

std::string pool_name(const Pool& pool) {
  switch (pool.kind) {
  case Pool::Kind::last:
    return "read at the last";
  case Pool::Kind::sum:
    return "summed";
  case Pool::Kind::mean:
    return "averaged";
  case Pool::Kind::position:
    return fmt::format("read at position {}", pool.position);
  }
  return {};
}

// What a reader might expect and is not there.
std::string absent(const Description& d) {
  bool norms = d.norm.has_value(), activations = false;
  for (const Named& block : d.blocks) {
    norms = norms || (block.attention && block.attention->norm) || (block.mlp && block.mlp->norm);
    activations = activations || block.mlp;
  }
  for (const Description::Part& part : d.readout) {
    norms = norms || std::holds_alternative<Norm<Names>>(part);
    activations = activations || std::holds_alternative<Activation>(part);
  }
  std::string text;
  if (!activations) text = d.blocks.empty() && !norms ? "; no nonlinearity" : "; no MLP";
  if (!norms) text += text.empty() ? "; no normalisation" : ", no normalisation";
  return text;
}

} // namespace

std::string in_one_line(const Description& d, std::optional<std::uint64_t> vocabulary) {
  std::string text = plural(d.positions, "token");
  if (vocabulary) text += fmt::format(" of {}", *vocabulary);
  if (d.tokens.size() > 1) text += ", an embedding for each position";
  if (shape_of(d) == ModelShape::attention_only) {
    text += ", one attention head";
  } else {
    if (d.position_table)
      text += d.position_table->to_scores ? ", positions added to queries and keys" : ", positions added";
    if (!d.blocks.empty()) text += ", " + blocks_name(d.blocks);
  }
  if (d.norm) text += ", " + norm_name(*d.norm);
  text += ", " + pool_name(d.pool);
  std::string parts;
  bool maps_alone = true;
  for (const Description::Part& part : d.readout) {
    parts += (parts.empty() ? "" : ", ") + part_name(part);
    maps_alone = maps_alone && std::holds_alternative<NamedMap>(part);
  }
  if (!maps_alone) text += fmt::format(", readout ({})", parts);
  return text + absent(d);
}

std::string in_one_line(const Description& description, const Network& network) {
  for (std::uint64_t p = 1; p < network.positions; ++p)
    if (network.vocabulary(p) != network.vocabulary(0)) return in_one_line(description, std::nullopt);
  return in_one_line(description, network.vocabulary(0));
}

} // namespace proofmark::networks
