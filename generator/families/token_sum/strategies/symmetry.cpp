// symmetry@1, docs/rules/symmetry.md: each multiset of tokens once, weighted by its orderings.

#include "families/families.hpp"
#include "families/token_sum/engines.hpp"
#include "families/token_sum/strategies/strategies.hpp"

namespace proofmark {

const Strategy symmetry{
    .family = &token_sum_family,
    .name = "symmetry",
    .summary = "each multiset of tokens once: exact, 1/n! of the work",
    .rule = {.name = "symmetry@1", .from_below = true, .exact = true},
    .check = take_no_options,
    .least = [](const Task& task) { return Integer(task.vocabulary * sorted_inputs(task)); },
    .seconds = [](const Shape& shape, const StrategyOptions&, bool) { return exact_seconds(shape); },
    .find =
        [](const Assignment& r) {
          return Findings{exact_sums(r.model, r.task, r.sums, r.patience), {}, {}, {symmetry.rule}};
        }};

Integer products_of_symmetry(const Shape& shape, bool correct) {
  return Lengths(shape).step(symmetry.rule.name, {0, shape.task.vocabulary}, correct).mul;
}

} // namespace proofmark
