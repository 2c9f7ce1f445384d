// symmetry@1, docs/rules/symmetry.md: each multiset of tokens once, weighted by its orderings.

#include "strategy.hpp"

namespace proofmark {

namespace {

Operations operations_of_label(const Task& task, std::uint64_t y, bool states_correct) {
  const std::uint64_t n = task.context;
  if (n == 1) return enumeration_operations_of_label(task, y, states_correct);
  const Integer V = task.vocabulary;
  const Integer T = binomial(y + n - 1, n - 1); // sorted inputs
  const Integer R = binomial(y + n - 2, n - 2); // rows
  const Integer K = binomial(y + n - 1, n - 2); // the sum over the rows of r, the multiplicity of t_2 in t_2 .. t_n
  Integer X;                                    // extensions
  for (std::uint64_t r = 1; r + 2 <= n; ++r) X += binomial(y + r, r);

  Operations count = label_term_operations(y, 2);
  count.mul += 2 * V * X                     // extensions
               + 2 * V * T                   // Z of every sorted input
               + 2 * (T - R) + 2 * K + 2 * R // a row's product, its power, its tie
               + 2 * R;                      // weighted
  count.add += 2 * (V - 1) * T               // Z of every sorted input
               + 2 * R;                      // added to the label's sum
  count.log += 2 * R;
  if (states_correct) {
    count.add += V * X + V * T;
    count.compare += (V - 1) * T;
  }
  return count;
}

Operations operations(const Task& task, LabelRange labels, bool states_correct) {
  Operations sum;
  for (std::uint64_t label = labels.from; label < labels.to; ++label)
    sum += operations_of_label(task, label, states_correct);
  return sum;
}

} // namespace

RuleInUse symmetry_rule(const Task& task) {
  return {"symmetry@1", true, {}, [task](LabelRange labels, bool states_correct) {
            return operations(task, labels, states_correct);
          }};
}

const Strategy symmetry{
    Family::token_sum,
    "symmetry",
    "each multiset of tokens once: exact, 1/n! of the work",
    true,
    true,
    true,
    nullptr,
    take_no_options,
    [](const Task& task) { return Integer(2 * task.vocabulary * sorted_inputs(task)); },
    [](const Task& task, const StrategyOptions&, bool states_correct) {
      return operations(task, {0, task.vocabulary}, states_correct);
    },
    [](const Shape& shape, const StrategyOptions&, bool) { return exact_seconds(shape); },
    [](const PlanRequest& r) {
      return Plan{exact_sums(token_sum(r), r.task, r.sums, r.patience), {}, {symmetry_rule(r.task)}, {}};
    }};

} // namespace proofmark
