#include "models/architecture.hpp"

#include <nlohmann/json.hpp>

namespace proofmark {

namespace {

using Json = nlohmann::json; // which keeps keys in ascending order

Json map(const char* weight, const char* layout) {
  return {{"weight", weight}, {"layout", layout}};
}

Json token_sum(std::uint64_t context) {
  return {{"positions", context},
          {"embedding", {{"tokens", map("embedding.weight", "width,tokens")}}},
          {"blocks", Json::array()},
          {"pool", "sum"},
          {"readout", Json::array({map("linear.weight", "out,in"), map("unembedding.weight", "out,in")})}};
}

Json attention_only(std::uint64_t context) {
  const Json attention{{"heads", 1},
                       {"query", map("blocks.0.attn.W_Q", "heads,in,head")},
                       {"key", map("blocks.0.attn.W_K", "heads,in,head")},
                       {"value", map("blocks.0.attn.W_V", "heads,in,head")},
                       {"output", map("blocks.0.attn.W_O", "heads,head,out")},
                       {"mask", "causal"},
                       {"scores", "scaled"}};
  return {{"positions", context},
          {"embedding", {{"tokens", map("embed.W_E", "tokens,width")}, {"positions", "pos_embed.W_pos"}}},
          {"blocks", Json::array({Json{{"attention", attention}}})},
          {"pool", "last"},
          {"readout", Json::array({map("unembed.W_U", "in,out")})}};
}

} // namespace

std::string architecture(Family family, std::uint64_t context) {
  return (family == Family::token_sum ? token_sum(context) : attention_only(context)).dump();
}

std::optional<Family> family_described(std::string_view text, std::uint64_t context) {
  for (const std::string& family : family_names())
    if (architecture(family_named(family), context) == text) return family_named(family);
  return {};
}

} // namespace proofmark
