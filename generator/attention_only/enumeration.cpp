// enumeration@1, docs/rules/attention/enumeration.md: every input.

#include "../strategies/strategy.hpp"
#include "enumeration_sums.hpp"
#include "operations.hpp"

namespace proofmark {

namespace attention_only {

namespace {

RuleInUse rule(const Task& task) {
  return {"enumeration@1", true, {}, [task](LabelRange labels, bool states_correct) {
            Operations sum;
            for (std::uint64_t m = labels.from; m < labels.to; ++m)
              sum += enumeration_operations(task, m, states_correct);
            return sum;
          }};
}

Plan plan(const PlanRequest& r) {
  const Tables t = tables(std::get<AttentionOnlyModel>(r.model));
  return {{enumeration_sums(t, r.sums), "double with an a-priori error bound"}, {}, {rule(r.task)}, {}};
}

} // namespace

Operations enumeration_operations(const Task& task, std::uint64_t label, bool states_correct) {
  const std::uint64_t n = task.context, m = label;
  const Integer V = task.vocabulary, W = V - 1, tokens = m + 1, queries = n == 1 ? Integer(1) : tokens;
  Operations count;
  count.add = 2;
  if (W == 0) return count;
  const Integer inputs = inputs_with_label(task, label), free = tokens * (n - 1);
  count.add += 2 * tokens * W + n * W + queries * 2 * m;
  count.exp += queries * 2 * m;
  count.mul += queries * 2 * free + 2 * (queries - 1);
  count.add += queries * (free + 1) * 2 * W;
  count.mul += queries * (free + 1) * 2 * W;
  count.compare += queries * (free + 1) * W;
  for (std::uint64_t slots = 1; slots + 2 <= n; ++slots) count.add += queries * power(m + 1, slots) * 2 * V;
  count.add += inputs * ((n == 1 ? Integer(0) : Integer(2 * V)) + 2 * W);
  count.mul += inputs * (2 * W + 2);
  count.div += inputs * 2;
  count.exp += inputs * 2 * W;
  count.compare += inputs * W * (states_correct ? 2 : 1);
  count.log += 2;
  return count;
}

} // namespace attention_only

const Strategy attention_only_enumeration{
    Family::attention_only,
    "enumeration",
    "every input on its own: exact, and the longest proof",
    true,
    true,
    true,
    nullptr,
    take_no_options,
    [](const Task& task) { return Integer(2 * power(task.vocabulary, task.context) * (task.vocabulary - 1)); },
    [](const Task& task, const StrategyOptions&, bool states_correct) {
      return attention_only::rule(task).operations({0, task.vocabulary}, states_correct);
    },
    [](const Shape& shape, const StrategyOptions&, bool) {
      const double inputs = power(shape.task.vocabulary, shape.task.context).convert_to<double>();
      return inputs * (static_cast<double>(shape.task.vocabulary) * 2e-9 + 4e-8);
    },
    attention_only::plan,
    "--strategy soft-near-far bounds the loss and --strategy near-far the accuracy, for any context"};

} // namespace proofmark
