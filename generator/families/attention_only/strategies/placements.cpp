// placements@1, docs/rules/attention/placements.md: what each slot holds; the loss from both sides.

#include "explanations/families.hpp"
#include "families/attention_only/bounds/placements_bounds.hpp"
#include "families/attention_only/strategies/strategies.hpp"
#include "support/error.hpp"

#include <algorithm>

namespace proofmark {

namespace attention_only {

namespace {

void check(const Task&, const StrategyOptions& options, const std::vector<LabelRange>&) {
  take_only(options, {"near", "fill"});
  if (!options.near)
    throw Error(Exit::usage, "--strategy placements takes no --near best: more near tokens are always better",
                "--near 6 is tight for a vocabulary of 64");
}

std::uint64_t near(const StrategyOptions& options, std::uint64_t label) {
  const explanations::OfFamily* const said = options.explained.get();
  return std::min<std::uint64_t>(
      said && !said->near.empty() ? said->near[label].value_or(*options.near) : *options.near, label);
}

std::uint64_t filled(const Task& task, const StrategyOptions& options, std::uint64_t label) {
  const explanations::OfFamily* const said = options.explained.get();
  return std::min(said && !said->fill.empty() ? said->fill[label].value_or(options.fill) : options.fill,
                  task.context - 1);
}

Hints hints(const Task& task, const StrategyOptions& options, bool) {
  Hints result;
  for (std::uint64_t m = 0; m < task.vocabulary; ++m) {
    result.near.push_back(static_cast<std::uint16_t>(near(options, m)));
    result.filled.push_back(static_cast<std::uint8_t>(filled(task, options, m)));
  }
  return result;
}

Findings find(const Assignment& r) {
  const std::uint64_t V = r.task.vocabulary;
  const Tables t = tables(r.model);
  const Positions positions(t);
  const Errors known = errors(t);
  LabelSums sums{std::vector<LabelSum>(V), engine};
  Hints chosen = hints(r.task, r.options, r.loss);
  for_each_label(r.task, r.sums, [&](std::uint64_t m) {
    sums.labels[m] = placements_sum(Relative(t, positions, m), known, chosen.near[m], chosen.filled[m]);
  });
  Witnesses witnesses{{"near", witness<std::uint16_t>({V}, chosen.near)},
                      {"filled", witness<std::uint8_t>({V}, chosen.filled)}};
  return {std::move(sums), std::move(witnesses), std::move(chosen), {placements.rule}};
}

} // namespace

} // namespace attention_only

const Strategy placements{
    .family = &attention_only_family,
    .name = "placements",
    .summary = "loss from both sides and accuracy, by what each position holds: tight, for small contexts",
    .rule = {.name = "placements@1", .from_below = true},
    .check = attention_only::check,
    .hints = attention_only::hints,
    .seconds =
        [](const Shape& shape, const StrategyOptions& options, bool loss) {
          return 1e-9 * predicted(placements, shape, options, loss, true).length().convert_to<double>();
        },
    .find = attention_only::find};

} // namespace proofmark
