// The row of the family token-sum.

#include "families/families.hpp"
#include "families/token_sum/lengths/rules.hpp"
#include "families/token_sum/model.hpp"
#include "families/token_sum/strategies/strategies.hpp"
#include "families/token_sum/training/training.hpp"
#include "strategies/points.hpp"
#include "support/limits.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace proofmark {

namespace {

using Json = nlohmann::json; // which keeps keys in ascending order

constexpr std::array strategies{&enumeration, &symmetry, &head_tail, &mixed, &block_jensen, &convexity};

std::string architecture(std::uint64_t context) {
  const auto map = [](const char* weight, const char* layout) { return Json{{"weight", weight}, {"layout", layout}}; };
  return Json{{"positions", context},
              {"embedding", {{"tokens", map(token_sum::embedding, "width,tokens")}}},
              {"blocks", Json::array()},
              {"pool", "sum"},
              {"readout", Json::array({map(token_sum::linear, "out,in"), map(token_sum::unembedding, "out,in")})}}
      .dump();
}

} // namespace

const Family token_sum_family{.name = "token-sum",
                              .summary = "the tutorial's linear network",
                              .function = "summed; no nonlinearity, no normalisation",
                              .largest_vocabulary = limits::vocabulary,
                              .positions = false,
                              .recognises = nullptr,
                              .model = token_sum_model,
                              .architecture = architecture,
                              .training = token_sum_trainer,
                              .lengths = token_sum_lengths,
                              .strategies = strategies,
                              .exact = symmetry,
                              .points = token_sum_points};

} // namespace proofmark
