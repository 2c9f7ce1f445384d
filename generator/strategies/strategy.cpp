#include "strategy.hpp"

#include "../error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace proofmark {

std::span<const Strategy* const> strategies() {
  static constexpr std::array all{&enumeration, &symmetry, &head_tail, &mixed, &block_jensen, &convexity};
  return all;
}

std::vector<std::string> strategy_names() {
  std::vector<std::string> names;
  for (const Strategy* strategy : strategies()) names.emplace_back(strategy->name);
  return names;
}

const Strategy* find_strategy(std::string_view name) {
  const auto all = strategies();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Strategy* s) { return s->name == name; });
  return found == all.end() ? nullptr : *found;
}

const TokenSumModel& model_with_strategies(const Model& model) {
  if (const auto* const token_sum = std::get_if<TokenSumModel>(&model)) return *token_sum;
  throw Error(Exit::data,
              fmt::format("this is a model of the family {}, and no strategy proves it yet", name(family(model))),
              "the strategies are for the family token-sum; docs/rules/attention/README.md has rules for this one, "
              "which no program checks so far");
}

void take_no_options(const Task&, const StrategyOptions& options, const std::vector<LabelRange>&) {
  for (const auto& [name, value] : options.parameters())
    throw Error(Exit::usage,
                fmt::format("this strategy does not take --{}", name == "multipliers" ? "no-multipliers" : name),
                name == "budget"   ? "--strategy head-tail and --strategy mixed do"
                : name == "blocks" ? "--strategy block-jensen does"
                                   : "--strategy head-tail does");
}

Operations table_operations(std::span<const RuleInUse> rules, const Task& task, std::uint64_t width) {
  const bool lower_ends = std::any_of(rules.begin(), rules.end(), [](const RuleInUse& r) { return r.from_below; });
  Operations count = table_operations(task, width, lower_ends);
  for (const RuleInUse& rule : rules) count += rule.tables;
  return count;
}

} // namespace proofmark
