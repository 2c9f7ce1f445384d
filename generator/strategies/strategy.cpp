#include "strategies/strategy.hpp"

#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace proofmark {

void take_only(const StrategyOptions& options, const std::vector<std::string_view>& taken) {
  static const std::map<std::string_view, const char*> others = {
      {"budget", "--strategy head-tail, mixed, low-rank and block-tables do"},
      {"rank", "--strategy low-rank does"},
      {"open", "--strategy low-rank and block-tables do"},
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

} // namespace proofmark
