#include "strategy.hpp"

#include "../attention_only/operations.hpp"
#include "../error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace proofmark {

std::span<const Strategy* const> strategies(Family family) {
  static constexpr std::array token_sum{&enumeration, &symmetry, &head_tail, &mixed, &block_jensen, &convexity};
  static constexpr std::array attention_only{
      &near_far, &band, &cubic, &subcubic, &soft_near_far, &placements, &attention_only_enumeration};
  if (family == Family::token_sum) return token_sum;
  return attention_only;
}

std::vector<std::string> strategy_names(Family family) {
  std::vector<std::string> names;
  for (const Strategy* strategy : strategies(family)) names.emplace_back(strategy->name);
  return names;
}

std::vector<std::string> strategy_names() {
  std::vector<std::string> names = strategy_names(Family::token_sum);
  for (const std::string& name : strategy_names(Family::attention_only))
    if (!std::count(names.begin(), names.end(), name)) names.push_back(name);
  return names;
}

const Strategy* find_strategy(Family family, std::string_view name) {
  const auto all = strategies(family);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Strategy* s) { return s->name == name; });
  return found == all.end() ? nullptr : *found;
}

const TokenSumModel& token_sum(const PlanRequest& request) {
  return std::get<TokenSumModel>(request.model);
}

void take_only(const StrategyOptions& options, std::initializer_list<std::string_view> taken) {
  static const std::map<std::string_view, const char*> others = {
      {"budget", "--strategy head-tail and --strategy mixed do"},
      {"blocks", "--strategy block-jensen does"},
      {"near", "--strategy near-far does"},
      {"heads", "--strategy near-far does"},
      {"joint", "--strategy near-far does"},
      {"fill", "--strategy placements does"}};
  for (const auto& [name, value] : options.parameters()) {
    if (std::find(taken.begin(), taken.end(), name) != taken.end()) continue;
    const auto hint = others.find(name);
    throw Error(Exit::usage,
                fmt::format("this strategy does not take --{}", name == "multipliers" ? "no-multipliers" : name),
                hint == others.end() ? "--strategy head-tail does" : hint->second);
  }
}

void take_no_options(const Task&, const StrategyOptions& options, const std::vector<LabelRange>&) {
  take_only(options, {});
}

Operations table_operations(std::span<const RuleInUse> rules, const Shape& shape) {
  const bool lower_ends = std::any_of(rules.begin(), rules.end(), [](const RuleInUse& r) { return r.from_below; });
  Operations count = shape.family == Family::attention_only ? attention_only::table_operations(shape)
                                                            : table_operations(shape.task, shape.width, lower_ends);
  for (const RuleInUse& rule : rules) count += rule.tables;
  return count;
}

} // namespace proofmark
