#include "models/words.hpp"

#include "models/shapes.hpp"

#include <algorithm>

namespace verifier {
namespace {

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string words(const Norm& norm) {
  return std::string(norm.subtracts_mean ? "layer" : "RMS") + " norm";
}
std::string words(Activation activation) {
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
    break;
  }
  return "tanh";
}
std::string words(const ReadoutPart& part) {
  if (std::holds_alternative<Map>(part)) return "map";
  const auto* norm = std::get_if<Norm>(&part);
  return norm != nullptr ? words(*norm) : words(std::get<Activation>(part));
}

std::string words(const Attention& attention) {
  std::string text = attention.scores == Scores::unscaled  ? "unscaled "
                     : attention.scores == Scores::uniform ? "uniform "
                                                           : "";
  text += std::string(attention.causal ? "causal " : "") + "attention with " + counted(attention.heads, "head");
  return attention.factor ? text + ", scores times " + attention.factor->text : text;
}

std::string words(const Block& block) {
  const auto with_norm = [&](const std::string& part, const std::optional<Norm>& norm) {
    if (!norm) return part;
    return block.norm_follows ? part + ", " + words(*norm) : words(*norm) + ", " + part;
  };
  std::string text;
  if (block.attention) text = with_norm(words(*block.attention), block.attention->norm);
  if (!block.mlp) return text;
  if (block.attention) text += block.mlp_reads_input ? " beside " : "; ";
  return text + with_norm(words(block.mlp->activation) + " MLP", block.mlp->norm);
}

std::string words(const std::vector<Block>& blocks) {
  const std::string first = words(blocks.front());
  if (std::ranges::all_of(blocks, [&](const Block& block) { return words(block) == first; }))
    return counted(blocks.size(), "block") + " (" + first + ")";
  std::string text;
  for (std::size_t b = 0; b < blocks.size(); ++b)
    text += (b == 0 ? "" : ", ") + ("block " + std::to_string(b + 1)) + " (" + words(blocks[b]) + ")";
  return text;
}

bool has_norm(const Architecture& model) {
  return model.norm ||
         std::ranges::any_of(model.blocks,
                             [](const Block& block) {
                               return (block.attention && block.attention->norm) || (block.mlp && block.mlp->norm);
                             }) ||
         std::ranges::any_of(model.readout, [](const ReadoutPart& p) { return std::holds_alternative<Norm>(p); });
}

// What a reader might expect, and is not there.
std::string absent(const Architecture& model) {
  const bool activates =
      std::ranges::any_of(model.blocks, [](const Block& block) { return block.mlp.has_value(); }) ||
      std::ranges::any_of(model.readout, [](const ReadoutPart& p) { return std::holds_alternative<Activation>(p); });
  std::string text = activates ? "" : model.blocks.empty() && !has_norm(model) ? "no nonlinearity" : "no MLP";
  if (!has_norm(model)) text += (text.empty() ? "" : ", ") + std::string("no normalisation");
  return text.empty() ? "" : "; " + text;
}

} // namespace

std::string in_words(const Architecture& model, std::optional<std::uint64_t> vocabulary) {
  std::string text = counted(model.positions, "token");
  if (vocabulary) text += " of " + std::to_string(*vocabulary);
  if (model.tokens.size() > 1) text += ", an embedding for each position";
  if (shape_of(model) == ModelShape::attention_only) {
    text += ", one attention head";
  } else {
    if (model.position_table)
      text += std::string(", positions added") + (model.position_table->to_scores ? " to queries and keys" : "");
    if (!model.blocks.empty()) text += ", " + words(model.blocks);
  }
  if (model.norm) text += ", " + words(*model.norm);
  switch (model.pool) {
  case Pool::last:
    text += ", read at the last";
    break;
  case Pool::sum:
    text += ", summed";
    break;
  case Pool::mean:
    text += ", averaged";
    break;
  case Pool::position:
    text += ", read at position " + std::to_string(model.pooled_position);
    break;
  }
  std::string parts;
  for (const ReadoutPart& part : model.readout) parts += (parts.empty() ? "" : ", ") + words(part);
  if (std::ranges::any_of(model.readout, [](const ReadoutPart& p) { return !std::holds_alternative<Map>(p); }))
    text += ", readout (" + parts + ")";
  return text + absent(model);
}

} // namespace verifier
