// symmetry@1, docs/rules/symmetry.md: each multiset of tokens once, weighted by its orderings.

#include "strategies/strategy.hpp"

namespace proofmark {

const Strategy symmetry{
    .family = Family::token_sum,
    .name = "symmetry",
    .summary = "each multiset of tokens once: exact, 1/n! of the work",
    .rule = {.name = "symmetry@1", .from_below = true, .exact = true},
    .check = take_no_options,
    .least = [](const Task& task) { return Integer(task.vocabulary * sorted_inputs(task)); },
    .seconds = [](const Shape& shape, const StrategyOptions&, bool) { return exact_seconds(shape); },
    .plan =
        [](const PlanRequest& r) {
          return Plan{exact_sums(token_sum(r), r.task, r.sums, r.patience), {}, {}, {symmetry.rule}};
        }};

} // namespace proofmark
