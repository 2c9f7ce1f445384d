// enumeration@1, docs/rules/enumeration.md: brute force over all V^n inputs, with shared exponentials.
//
// The certificate pays for every input; the generator does not. S_y is the same number under any rule, so it
// is found once for each multiset of tokens (loss_sums.hpp), and only the verifier walks the inputs as the
// rule says.

#include "strategy.hpp"

namespace proofmark {

namespace {

// X_y = sum_{j=1..n} sum_{r=1..n-2} prod_{i=1..r} z(j,i), with z(j,i) = y if i < j, else y+1
Integer extensions(const Task& task, std::uint64_t label) {
  Integer sum;
  for (std::uint64_t j = 1; j <= task.context; ++j) {
    Integer nodes = 1;
    for (std::uint64_t i = 1; i + 2 <= task.context; ++i) {
      nodes *= i < j ? label : label + 1;
      sum += nodes;
    }
  }
  return sum;
}

Operations operations(const Task& task, LabelRange labels, bool states_correct) {
  Operations sum;
  for (std::uint64_t label = labels.from; label < labels.to; ++label)
    sum += enumeration_operations_of_label(task, label, states_correct);
  return sum;
}

} // namespace

Operations enumeration_operations_of_label(const Task& task, std::uint64_t label, bool states_correct) {
  const Integer V = task.vocabulary, N = inputs_with_label(task, label), X = extensions(task, label);
  const bool single = task.context == 1;
  Operations count = label_term_operations(label, 2);
  count.mul += 2 * V * X                                    // extensions
               + (single ? Integer(0) : Integer(2 * V * N)) // Z of every input
               + 2 * N;                                     // product
  count.add += 2 * (V - 1) * N;                             // Z of every input
  count.log += 2;
  if (states_correct) {
    count.add += single ? Integer(0) : Integer(V * X + V * N);
    count.compare += (V - 1) * N;
  }
  return count;
}

RuleInUse enumeration_rule(const Task& task) {
  return {"enumeration@1", true, {}, [task](LabelRange labels, bool states_correct) {
            return operations(task, labels, states_correct);
          }};
}

const Strategy enumeration{
    Family::token_sum,
    "enumeration",
    "every input on its own: exact, and the longest proof",
    true,
    true,
    true,
    nullptr,
    take_no_options,
    [](const Task& task) { return Integer(2 * task.vocabulary * power(task.vocabulary, task.context)); },
    [](const Task& task, const StrategyOptions&, bool states_correct) {
      return operations(task, {0, task.vocabulary}, states_correct);
    },
    [](const Shape& shape, const StrategyOptions&, bool) { return exact_seconds(shape); },
    [](const PlanRequest& r) {
      return Plan{exact_sums(token_sum(r), r.task, r.sums, r.patience), {}, {enumeration_rule(r.task)}, {}};
    },
    "--strategy symmetry costs about 1/n! of that; or use a smaller --context"};

} // namespace proofmark
