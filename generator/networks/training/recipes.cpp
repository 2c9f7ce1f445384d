#include "networks/training/recipes.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace proofmark::networks {

namespace {

using Json = nlohmann::json;

Json map(const std::string& weight, const char* layout, const std::string& bias = {}) {
  Json result{{"weight", weight}, {"layout", layout}};
  if (!bias.empty()) result["bias"] = bias;
  return result;
}

// An embedding for each operand, their sum, ReLU, unembedding. Names as in PyTorch.
std::string mlp(std::uint64_t positions, const RecipeSizes&) {
  Json tokens = Json::array();
  for (std::uint64_t p = 0; p < positions; ++p)
    tokens.push_back(map(positions != 2 ? fmt::format("embeddings.{}.weight", p)
                         : p == 0       ? "left.weight"
                                        : "right.weight",
                         "tokens,width"));
  return Json{{"positions", positions},
              {"embedding", {{"tokens", tokens}}},
              {"blocks", Json::array()},
              {"pool", "sum"},
              {"readout", {"relu", map("unembedding.weight", "out,in", "unembedding.bias")}}}
      .dump();
}

// Names and shapes of TransformerLens; biases in MLPs only.
std::string transformer(std::uint64_t positions, const RecipeSizes& sizes) {
  Json blocks = Json::array();
  for (std::uint64_t b = 0; b < sizes.blocks; ++b) {
    const std::string attention = fmt::format("blocks.{}.attn.", b), mlp = fmt::format("blocks.{}.mlp.", b);
    Json block{{"attention",
                {{"heads", sizes.heads},
                 {"query", map(attention + "W_Q", "heads,in,head")},
                 {"key", map(attention + "W_K", "heads,in,head")},
                 {"value", map(attention + "W_V", "heads,in,head")},
                 {"output", map(attention + "W_O", "heads,head,out")},
                 {"mask", "causal"},
                 {"scores", "scaled"}}}};
    if (sizes.mlp_width > 0)
      block["mlp"] = {{"in", map(mlp + "W_in", "in,out", mlp + "b_in")},
                      {"activation", "relu"},
                      {"out", map(mlp + "W_out", "in,out", mlp + "b_out")}};
    blocks.push_back(std::move(block));
  }
  return Json{{"positions", positions},
              {"embedding", {{"tokens", map("embed.W_E", "tokens,width")}, {"positions", "pos_embed.W_pos"}}},
              {"blocks", blocks},
              {"pool", "last"},
              {"readout", {map("unembed.W_U", "in,out")}}}
      .dump();
}

constexpr Recipe mlp_recipe{
    .name = "mlp",
    .summary = "an embedding for each operand, summed, ReLU, unembedding",
    .sizes = {.width = 128, .heads = 1, .mlp_width = 0, .blocks = 0},
    .steps = 750,
    .batch = 0,
    .share = 0.4,
    .optimizer = {.learning_rate = 0.01, .beta2 = 0.98, .weight_decay = 0, .l2 = 2e-4},
    .factored = true,
    .architecture = mlp,
    .inputs = [](std::uint64_t operands) { return fmt::format("0..{0},0..{0}", operands); },
};

// The last token is a separator, at whose position the network is read.
constexpr Recipe transformer_recipe{
    .name = "transformer",
    .summary = "blocks of causal attention and ReLU MLPs, read at the last position",
    .sizes = {.width = 128, .heads = 4, .mlp_width = 512, .blocks = 1},
    .steps = 1000,
    .batch = 0,
    .share = 0.7,
    .optimizer = {.learning_rate = 0.001, .beta2 = 0.98, .weight_decay = 1, .warm_up = 10},
    .factored = false,
    .architecture = transformer,
    .inputs = [](std::uint64_t operands) { return fmt::format("0..{0},0..{0},{0}", operands); },
};

constexpr Recipe described{
    .name = "",
    .summary = "",
    .sizes = {.width = 32, .heads = 1, .mlp_width = 128, .blocks = 0},
    .steps = 3000,
    .batch = 256,
    .share = 1,
    .optimizer = {},
    .factored = false,
    .architecture = nullptr,
    .inputs = nullptr,
};

} // namespace

std::span<const Recipe* const> recipes() {
  static constexpr std::array all{&mlp_recipe, &transformer_recipe};
  return all;
}

const Recipe* recipe_named(std::string_view name) {
  for (const Recipe* recipe : recipes())
    if (recipe->name == name) return recipe;
  return nullptr;
}

const Recipe& described_recipe() {
  return described;
}

std::optional<std::uint64_t> operands(const Labelling& label) {
  if (label.function == &sum_modulo_labels) return label.parameter;
  if (label.function != &symmetric_group_labels) return {};
  std::uint64_t permutations = 1;
  for (std::uint64_t i = 2; i <= label.parameter; ++i) permutations *= i;
  return permutations;
}

} // namespace proofmark::networks
