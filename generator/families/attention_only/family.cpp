// The row of the family attention-only.

#include "families/attention_only/lengths/rules.hpp"
#include "families/attention_only/model.hpp"
#include "families/attention_only/strategies/strategies.hpp"
#include "families/attention_only/training/training.hpp"
#include "families/families.hpp"
#include "strategies/points.hpp"
#include "support/limits.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace proofmark {

namespace {

using Json = nlohmann::json; // which keeps keys in ascending order

constexpr std::array strategies{
    &near_far, &band, &cubic, &subcubic, &soft_near_far, &placements, &attention_only_enumeration};

std::string architecture(std::uint64_t context) {
  const auto map = [](const char* weight, const char* layout) { return Json{{"weight", weight}, {"layout", layout}}; };
  const Json attention{{"heads", 1},
                       {"query", map(attention_only::query, "heads,in,head")},
                       {"key", map(attention_only::key, "heads,in,head")},
                       {"value", map(attention_only::value, "heads,in,head")},
                       {"output", map(attention_only::output, "heads,head,out")},
                       {"mask", "causal"},
                       {"scores", "scaled"}};
  return Json{{"positions", context},
              {"embedding",
               {{"tokens", map(attention_only::embedding, "tokens,width")}, {"positions", attention_only::positions}}},
              {"blocks", Json::array({Json{{"attention", attention}}})},
              {"pool", "last"},
              {"readout", Json::array({map(attention_only::unembedding, "in,out")})}}
      .dump();
}

} // namespace

const Family attention_only_family{.name = "attention-only",
                                   .summary = "a transformer of one layer and one head",
                                   .function = "one attention head, read at the last; no MLP, no normalisation",
                                   .largest_vocabulary = limits::attention_vocabulary,
                                   .positions = true,
                                   .recognises = looks_attention_only,
                                   .model = attention_only_model,
                                   .architecture = architecture,
                                   .training = attention_only_trainer,
                                   .lengths = attention_only_lengths,
                                   .strategies = strategies,
                                   .exact = attention_only_enumeration,
                                   .points = attention_only_points};

} // namespace proofmark
