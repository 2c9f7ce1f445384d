// placements@1, docs/rules/attention/placements.md: what each slot holds; the loss from both sides.

#include "../error.hpp"
#include "../strategies/strategy.hpp"
#include "operations.hpp"
#include "placements_bounds.hpp"

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
  return std::min(*options.near, label);
}

std::uint64_t filled(const Task& task, const StrategyOptions& options) {
  return std::min(options.fill, task.context - 1);
}

RuleInUse rule(const Task& task, const StrategyOptions& options) {
  Operations added = running_scores(task);
  added += running_weights(task);
  added.read += 2 * task.vocabulary; // near, filled
  return {"placements@1", true, added, [task, options](LabelRange labels, bool states_correct) {
            Operations sum;
            for (std::uint64_t m = labels.from; m < labels.to; ++m)
              sum += placements_operations(task, m, near(options, m), filled(task, options), states_correct);
            return sum;
          }};
}

Operations predicted(const Task& task, const StrategyOptions& options, bool states_correct) {
  const RuleInUse used = rule(task, options);
  Operations count = used.tables;
  count += used.operations({0, task.vocabulary}, states_correct);
  return count;
}

Plan plan(const PlanRequest& r) {
  const std::uint64_t V = r.task.vocabulary, full = filled(r.task, r.options);
  const Tables t = tables(std::get<AttentionOnlyModel>(r.model));
  const Positions positions(t);
  const Errors known = errors(t);
  LabelSums sums{std::vector<LabelSum>(V), engine};
  std::vector<std::uint16_t> near_tokens(V);
  for_each_label(r.task, r.sums, [&](std::uint64_t m) {
    near_tokens[m] = static_cast<std::uint16_t>(near(r.options, m));
    sums.labels[m] = placements_sum(Relative(t, positions, m), known, near_tokens[m], full);
  });
  const std::vector<std::uint8_t> fill(V, static_cast<std::uint8_t>(full));
  return {std::move(sums),
          {{"near", witness<std::uint16_t>({V}, near_tokens)}, {"filled", witness<std::uint8_t>({V}, fill)}},
          {rule(r.task, r.options)},
          {}};
}

} // namespace

Operations placements_operations(const Task& task, std::uint64_t label, std::uint64_t near, std::uint64_t filled,
                                 bool states_correct) {
  const std::uint64_t n = task.context, c = near, f = label - c;
  const Integer W = task.vocabulary - 1;
  const unsigned counted = states_correct ? 1 : 0;
  Operations count;
  count.add = 2;
  if (W == 0) return count;
  count.add += (2 * (label + 1) + n) * W;
  if (f > 0) count.compare += 2 * (f - 1) * W;
  for (const bool below : {true, false}) { // queries below the label are alike
    if (below && n == 1) continue;
    Operations query;
    if (below) query.add += 2, query.mul += 2, query.exp += 2;
    query.add += 2 * c, query.exp += 2 * c;
    if (f > 0) query.add += 2, query.mul += 1, query.div += 1, query.exp += 2;
    for (std::uint64_t x = below ? 1 : 0; x <= n - 1; ++x)
      for (std::uint64_t s = 0; x + s <= n - 1; ++s) {
        const std::uint64_t far = n - 1 - x - s;
        if ((s > 0 && c == 0) || (far > 0 && f == 0)) continue;
        const bool full = s <= filled;
        const Integer rows = full ? power(c, s) : Integer(c), parts = rows * (full ? s : 1), G = far > 0 ? 1 : 0;
        Operations one;
        one.add = (1 + x) * (4 * W + 2), one.mul = (1 + x) * 2 * W, one.compare = (1 + x) * W;
        if (!full) one.add += 3 * (s - 1), one.mul += s + 1, one.div += 1, one.compare += (s - 1) * W;
        if (far > 0)
          one.add += 5 * W + far - 1, one.mul += 1, one.exp += W, one.log += 1, one.compare += 2 * (far - 1) * W;
        one.add += parts * (4 * W + 2), one.mul += parts * (2 * W + 2), one.compare += parts * W;
        one.div += rows * 2 * W, one.compare += rows * 2 * W;
        one.add += rows * (W + 1), one.exp += rows * W, one.log += rows;
        one.add += rows * G * (3 * W + 3), one.mul += rows * G * W, one.div += rows * G * 2;
        one.exp += rows * G * W, one.log += rows * G, one.compare += rows * G * W;
        if (full) {
          one.add += rows * G * 2 * W, one.mul += rows * G * W, one.compare += rows * G * W;
          one.add += rows * (W + 1), one.exp += rows * W, one.log += rows;
          one.add += 2 + 2 * G, one.mul += 1 + 5 * G, one.div += 2 * G, one.compare += G;
        } else {
          one.add += rows * 2, one.mul += rows * (1 + G), one.div += rows * (1 - G);
          one.add += 2 + 3 * G, one.mul += 4 + 6 * G, one.div += 2 + 2 * G, one.compare += 3 * G;
        }
        one.compare += counted * rows * W;
        one.add += counted, one.mul += 3 * counted;
        query += times(binomial(n - 1, x) * binomial(n - 1 - x, s), one);
      }
    count += times(below ? label : 1, query);
  }
  return count;
}

} // namespace attention_only

const Strategy placements{Family::attention_only,
                          "placements",
                          "loss from both sides and accuracy, by what each slot holds: tight, for small contexts",
                          true,
                          false,
                          true,
                          nullptr,
                          attention_only::check,
                          nullptr,
                          attention_only::predicted,
                          [](const Shape& shape, const StrategyOptions& options, bool) {
                            return 5e-10 *
                                   attention_only::predicted(shape.task, options, true).length().convert_to<double>();
                          },
                          attention_only::plan};

} // namespace proofmark
