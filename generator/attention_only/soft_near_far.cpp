// soft-near-far@1, docs/rules/attention/soft-near-far.md: the loss from above, for any context.

#include "near_far_search.hpp"
#include "soft_near_far_bound.hpp"

#include <algorithm>

namespace proofmark {

namespace attention_only {

namespace {

constexpr std::uint64_t most_near = 8; // with --near best

NearFarWitness outline(const Task& task, const StrategyOptions& options) {
  NearFarWitness witness{{}, options.heads, std::vector<std::uint16_t>(task.vocabulary * options.heads), options.joint};
  for (std::uint64_t m = 0; m < task.vocabulary; ++m)
    witness.near.push_back(static_cast<std::uint16_t>(std::min(options.near.value_or(most_near), m)));
  return witness;
}

RuleInUse rule(const Task& task, const NearFarWitness& witness) {
  Operations added = running_scores(task);
  added += running_weights(task);
  added.read += elements(witness);
  return {"soft-near-far@1", false, added,
          [task, near = witness.near, heads = witness.head_size, joint = witness.joint](LabelRange labels,
                                                                                        bool states_correct) {
            Operations sum;
            for (std::uint64_t m = labels.from; m < labels.to; ++m)
              sum += soft_near_far_operations(task, m, near[m], heads, joint, states_correct);
            return sum;
          }};
}

Operations predicted(const Task& task, const StrategyOptions& options, bool states_correct) {
  const RuleInUse used = rule(task, outline(task, options));
  Operations count = used.tables;
  count += used.operations({0, task.vocabulary}, states_correct);
  return count;
}

// Rows of all labels, each with an exponential for every output; and with heads, all rows again for every trial.
double seconds(const Shape& shape, const StrategyOptions& options, bool) {
  const auto V = static_cast<double>(shape.task.vocabulary), n = static_cast<double>(shape.task.context);
  const double near = static_cast<double>(options.near.value_or(most_near)), heads = static_cast<double>(options.heads);
  const double rows = V * V / 2 * n * n / 2 * std::max(1.0, near), trials = 3 * heads * (2 * heads + 16);
  return (options.near ? 1 : near) * rows * (V * 1e-8 + trials * 4e-8);
}

struct OfLabel {
  std::uint64_t near = 0;
  std::vector<std::uint16_t> heads;
  double bound = 0;
};

OfLabel find_label(const Relative& label, const StrategyOptions& options) {
  const std::uint64_t most = std::min(options.near.value_or(most_near), label.m), least = options.near ? most : 0;
  OfLabel result;
  for (std::uint64_t near = least; near <= most; ++near) {
    const SoftNearFar bounds(label, near);
    OfLabel found{near, {}, 0};
    if (options.heads > 0) found.heads = bounds.find_heads(options.heads, options.joint);
    found.bound = bounds.bound(found.heads, options.joint);
    if (near == least || found.bound < result.bound) result = std::move(found);
  }
  return result;
}

Plan plan(const PlanRequest& r) {
  const std::uint64_t V = r.task.vocabulary;
  const Tables t = tables(std::get<AttentionOnlyModel>(r.model));
  const Positions positions(t);
  const Errors known = errors(t);
  LabelSums sums{std::vector<LabelSum>(V), engine};
  NearFarWitness witness = outline(r.task, r.options);
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
  return {std::move(sums), witnesses(witness), {rule(r.task, witness)}, {}};
}

} // namespace

Operations soft_near_far_operations(const Task& task, std::uint64_t label, std::uint64_t near, std::uint64_t heads,
                                    bool joint, bool states_correct) {
  const std::uint64_t V = task.vocabulary, n = task.context, m = label, c = near, f = m - c, W = V - 1;
  Operations count;
  count.add = 1;
  if (V == 1) return count;
  const Integer J = heads + 1, tau = W - heads, with_joint = joint ? 1 : 0, tokens = m + 1;
  count.add +=
      n * W + 2 * tokens * W + (tau - 1) * tokens + tokens * W + J * tokens + with_joint * tokens * (2 * tau - 1);
  count.compare += (n - 1) * W + (tau - 1) * tokens + (f > 0 ? f - 1 : 0) * J;
  count.exp += tokens * tau * (1 + with_joint);
  count.log += tokens * (1 + with_joint);
  if (states_correct) count.div += 1, count.add += 1, count.compare += 1;
  // Queries below the label are alike, so each part is counted for one and taken so often.
  for (const bool below : {true, false}) {
    if (below && n == 1) continue;
    Operations query;
    if (below)
      query.add += 2 + 2 * J, query.mul += 2, query.exp += 2;
    else
      query.add += 2 * n;
    query.add += c * (2 + 2 * J);
    query.exp += 2 * c;
    if (f > 0) query.add += 2 + 2 * J, query.mul += 1, query.div += 1, query.exp += 2 + J, query.log += 1;
    for (std::uint64_t x = below ? 1 : 0; x <= n - 1; ++x)
      for (std::uint64_t s = 0; x + s <= n - 1; ++s) {
        const bool some_near = s > 0, some_far = x + s < n - 1;
        if ((some_near && c == 0) || (some_far && f == 0)) continue;
        const Integer rows = some_near ? c : 1, B = (below ? 1 : 0) + (some_near ? 1 : 0), M = s >= 2 ? 1 : 0;
        query.add += rows * (6 * B + (B + 1) * J + 1 + 2 * M) + 1;
        query.mul += rows * ((some_near ? 2 : 0) + B * J + M) + 3 + M;
        query.div += rows * (2 * B + M) + 1 + M;
        query.exp += rows * J;
        query.log += rows;
        query.compare += rows * B * J + M;
        if (!some_far) continue;
        query.add += rows * (3 * J + 2 + 1) + 1;
        query.mul += rows * (J + M) + 4 + M;
        query.div += rows * (1 + 1 - M) + 2 + M;
        query.exp += rows * J;
        query.log += rows;
        query.compare += rows * J + 1 + M;
      }
    count += times(below ? m : 1, query);
  }
  return count;
}

} // namespace attention_only

const Strategy soft_near_far{Family::attention_only,
                             "soft-near-far",
                             "loss from above, for any context: label, near and far",
                             false,
                             false,
                             true,
                             nullptr,
                             attention_only::check_near_far,
                             nullptr,
                             attention_only::predicted,
                             attention_only::seconds,
                             attention_only::plan};

} // namespace proofmark
