#include "families/token_sum/head_tail/search.hpp"

#include "families/token_sum/head_tail/levels.hpp"
#include "families/token_sum/head_tail/multipliers.hpp"
#include "families/token_sum/head_tail/outputs.hpp"
#include "numbers/elementary.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

namespace proofmark {

using namespace head_tail_search;

HeadTail find_head_tail(const TokenSumTables& tables, const HeadTailSearch& search, unsigned threads,
                        const std::function<void(double)>& progress) {
  const Task& task = tables.task;
  const std::uint64_t V = task.vocabulary;
  HeadTail witness{task, 0, {}, {}, {}, {}, {}, {}, {}};
  witness.sizes = search.levels ? head_sizes(task) : std::vector{std::min(search.head, V)};
  witness.widest = 1;
  for (std::size_t level = 0; level < witness.bounded_levels(); ++level) witness.widest = witness.sizes[level];
  witness.heads = head_outputs(tables, witness.widest, search.heads, threads);
  witness.groups = search.known_groups, witness.weights = search.known_weights;
  if (search.groups > 1 && witness.groups.empty())
    witness.groups = output_groups(tables, witness, std::min(search.groups, V));
  if (search.weights && witness.weights.empty()) witness.weights = output_weights(tables, witness);

  const auto part = [&](double from, double to, double done) {
    if (progress) progress(from + (to - from) * done);
  };
  const Landscape land =
      survey(tables, witness, search.levels && search.accuracy, threads, [&](double done) { part(0, 0.4, done); });
  const Passes passes(task, land, threads);
  const bool multipliers = search.multipliers && search.loss && witness.bounded_levels() > 0;
  int turns = 0;
  const double all_turns = search.levels ? 130 : 60;
  const auto tick = [&] { part(0.4, 1, ++turns / all_turns); };

  if (!search.levels) {
    if (!multipliers) return witness;
    const Bounds bounds{&land.low[0], &land.high[0], &land.gap[0]};
    const Multipliers first = shifted(passes, bounds, first_multipliers(task, passes, bounds), coarse_shifts);
    set_multipliers(witness, shifted(passes, bounds, improved(passes, bounds, first, 60, 0.1, tick), fine_shifts));
    return witness;
  }

  witness.levels.assign(land.z.size(), 0);
  if (multipliers) witness.token_multipliers = witness.label_multipliers = std::vector<double>(V, 1.0); // for prices
  const Choice choice(task, land, passes, prices_of_levels(witness, search));
  std::int64_t allowed = std::numeric_limits<std::int64_t>::max();
  if (search.most) {
    const Integer least = search.cost(witness);
    if (least > *search.most)
      throw Error(Exit::usage,
                  fmt::format("--budget allows {} operations, and heads of one output each cost {}", search.most->str(),
                              least.str()),
                  "a larger --budget; --strategy convexity is shorter");
    allowed = Integer(*search.most - least).convert_to<std::int64_t>();
  }
  std::optional<Multipliers> x;
  const auto for_loss = [&](std::int64_t most) {
    return search.accuracy ? static_cast<std::int64_t>(static_cast<double>(most) * (1 - search.for_accuracy)) : most;
  };
  if (search.loss && multipliers) {
    const std::size_t middle = std::min<std::size_t>(4, land.low.size() - 1);
    const Bounds first_bounds{&land.low[middle], &land.high[middle], &land.gap[middle]};
    const Multipliers first =
        shifted(passes, first_bounds, first_multipliers(task, passes, first_bounds), coarse_shifts);
    x = improved(passes, first_bounds, first, 30, 0.1, tick);
    const auto exact_gap = static_cast<float>(elementary::log(least_gap));
    std::vector<float> low(land.z.size()), high(land.z.size()), gap(land.z.size());
    for (int round = 0; round < 5; ++round) {
      choice.for_loss(&*x, for_loss(allowed), witness.levels);
      for (std::size_t i = 0; i < low.size(); ++i) {
        const bool exact = witness.levels[i] == land.low.size();
        low[i] = exact ? land.z[i] : land.low[witness.levels[i]][i];
        high[i] = exact ? land.z[i] : land.high[witness.levels[i]][i];
        gap[i] = exact ? land.z[i] + exact_gap : land.gap[witness.levels[i]][i];
      }
      const Bounds bounds{&low, &high, &gap};
      x = improved(passes, bounds, shifted(passes, bounds, *x, coarse_shifts), 20, 0.05, tick);
      x = shifted(passes, bounds, *x, fine_shifts);
    }
    set_multipliers(witness, *x);
  }
  const auto chosen = [&](std::int64_t most) { // beyond the smallest heads
    std::int64_t spent = 0;
    if (search.loss) spent = choice.for_loss(x ? &*x : nullptr, for_loss(most), witness.levels);
    if (search.accuracy) choice.for_accuracy(most - spent, witness.levels);
    HeadTail result = witness;
    drop_unused(result);
    return result;
  };
  return search.most ? within_budget(search, allowed, chosen) : chosen(allowed);
}

} // namespace proofmark
