#include "strategies/strategy.hpp"

#include "support/error.hpp"

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
      {"outputs", "--strategy near-far does"},
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

Operations predicted(const Strategy& strategy, const Shape& shape, const StrategyOptions& options, bool loss,
                     bool correct) {
  const Lengths lengths(shape, strategy.hints ? strategy.hints(shape.task, options, loss) : Hints());
  const std::string_view rule = strategy.rule.name;
  Operations count;
  if (!rule.empty()) {
    count = lengths.tables({&rule, 1});
    count += lengths.step(rule, {0, shape.task.vocabulary}, correct);
  }
  if (strategy.beyond) count += strategy.beyond(shape, options, correct, count);
  return count;
}

Integer most_of_conclusion(std::uint64_t steps) {
  constexpr std::uint64_t numbers = 5, claims = 6; // two ends of the loss, two counts, a margin; each claim once
  return conclusion_operations(steps, numbers, claims).length();
}

Integer products_of_symmetry(const Shape& shape, bool correct) {
  return Lengths(shape).step(symmetry.rule.name, {0, shape.task.vocabulary}, correct).mul;
}

} // namespace proofmark
