// convexity@1, docs/rules/convexity.md: tokens are mixed, so that mixtures of two tokens stand for all
// inputs. From above only.

#include "strategy.hpp"

namespace proofmark {

namespace {

// For n = 2: Q, its logarithms, the sums T.
Operations tables(const Task& task) {
  Operations count;
  if (task.context == 2) {
    const Integer V = task.vocabulary;
    count.mul = V * V;
    count.add = V * (V - 1) + V;
    count.log = V;
  }
  return count;
}

Operations operations_of_label(const Task& task, const Integer& y, bool states_correct) {
  const Integer V = task.vocabulary, n = task.context;
  Operations count;
  if (n == 2) {
    count.add = 1; // (y+1) ln Q_y, added to T_y
    count.mul = 1;
  } else {
    const Integer Z = y * (n - 1) + 1;
    count.mul = (n >= 3 ? Integer(V * (n - 2)) : Integer(0)) // extensions of y^m
                + V * y * (n - 1) * (n - 2) / 2              // extensions by a
                + (n == 1 ? Integer(0) : Integer(V * Z))     // every Z
                + y * (n - 1)                                // products
                + (n - 1);                                   // weighted
    count.add = (V - 1) * Z + n;
    count.log = n;
  }
  if (states_correct) { // the quotient by ln 2, the difference, the maximum with 0
    count.div = 1;
    count.add += 1;
    count.compare = 1;
  }
  return count;
}

Operations operations(const Task& task, LabelRange labels, bool states_correct) {
  Operations sum;
  for (std::uint64_t label = labels.from; label < labels.to; ++label) {
    sum += operations_of_label(task, label, states_correct);
    sum += label_term_operations(label, 1);
  }
  return sum;
}

} // namespace

RuleInUse convexity_rule(const Task& task) {
  return {"convexity@1", false, tables(task),
          [task](LabelRange labels, bool states_correct) { return operations(task, labels, states_correct); }};
}

const Strategy convexity{
    Family::token_sum,
    "convexity",
    "tokens mixed: from above only and loose, and the shortest proof",
    false,
    false,
    true,
    nullptr,
    take_no_options,
    nullptr,
    [](const Task& task, const StrategyOptions&, bool states_correct) {
      Operations count = tables(task);
      count += operations(task, {0, task.vocabulary}, states_correct);
      return count;
    },
    [](const Shape& shape, const StrategyOptions&, bool) { return convexity_seconds(shape); },
    [](const PlanRequest& r) {
      return Plan{convexity_sums(token_sum(r), r.task, r.sums, r.patience), {}, {convexity_rule(r.task)}, {}};
    }};

} // namespace proofmark
