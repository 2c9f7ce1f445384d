// soft-near-far@1, docs/rules/attention/soft-near-far.md: the loss from above, for any context.

#include "families/attention_only/bounds/near_far_search.hpp"
#include "families/attention_only/bounds/soft_near_far_bound.hpp"
#include "families/attention_only/strategies/strategies.hpp"

#include <algorithm>

namespace proofmark {

namespace attention_only {

namespace {

constexpr std::uint64_t most_near = 8; // with --near best

// Rows of all labels, each with an exponential for every output; and with heads, all rows again for every trial.
double seconds(const Shape& shape, const StrategyOptions& options, bool) {
  const auto V = static_cast<double>(shape.task.vocabulary), n = static_cast<double>(shape.task.context);
  const double near = static_cast<double>(options.near.value_or(most_near)),
               heads = static_cast<double>(options.outputs);
  const double rows = V * V / 2 * n * n / 2 * std::max(1.0, near), trials = 3 * heads * (2 * heads + 16);
  return (options.near ? 1 : near) * rows * (V * 1e-8 + trials * 4e-8);
}

struct OfLabel {
  std::uint64_t near = 0;
  std::vector<std::uint16_t> heads;
  double bound = 0;
};

OfLabel find_label(const Relative& label, const StrategyOptions& options) {
  const SaidOfLabel said = said_of_label(options, label.m);
  OfLabel result;
  for (std::uint64_t near = said.least_near; near <= said.most_near; ++near) {
    const SoftNearFar bounds(label, near);
    OfLabel found{near, {}, 0};
    if (options.outputs > 0) found.heads = bounds.find_heads(said.heads, options.outputs, said.joint);
    found.bound = bounds.bound(found.heads, said.joint);
    if (near == said.least_near || found.bound < result.bound) result = std::move(found);
  }
  return result;
}

Findings find(const Assignment& r) {
  const std::uint64_t V = r.task.vocabulary;
  const Tables t = tables(r.model);
  const Positions positions(t);
  const Errors known = errors(t);
  LabelSums sums{std::vector<LabelSum>(V), engine};
  NearFarWitness witness = near_far_outline(r.task, r.options);
  for_each_label(r.task, r.sums, [&](std::uint64_t m) {
    LabelSum& sum = sums.labels[m];
    if (V > 1) {
      const OfLabel found = find_label(Relative(t, positions, m), r.options);
      witness.near[m] = static_cast<std::uint16_t>(found.near);
      std::copy(found.heads.begin(), found.heads.end(),
                witness.heads.begin() + static_cast<std::ptrdiff_t>(m * witness.head_size));
      sum.loss = bounds(0, found.bound, known);
    }
    if (r.sums.count_correct) sum.correct = correct_by_loss(r.task, {m, m + 1}, sum);
  });
  return {std::move(sums), witnesses(witness), hints(witness), {soft_near_far.rule}};
}

} // namespace

} // namespace attention_only

const Strategy soft_near_far{.family = &attention_only_family,
                             .name = "soft-near-far",
                             .summary = "loss from above, for any context: label, near and far",
                             .rule = {.name = "soft-near-far@1"},
                             .check = attention_only::check_near_far,
                             .hints = attention_only::near_far_hints,
                             .seconds = attention_only::seconds,
                             .find = attention_only::find};

} // namespace proofmark
