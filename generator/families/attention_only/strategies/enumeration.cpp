// enumeration@1, docs/rules/attention/enumeration.md: every input.

#include "families/attention_only/bounds/enumeration_sums.hpp"
#include "families/attention_only/strategies/strategies.hpp"

namespace proofmark {

const Strategy attention_only_enumeration{
    .family = &attention_only_family,
    .name = "enumeration",
    .summary = "every input on its own: exact, and the longest proof",
    .rule = {.name = "enumeration@1", .from_below = true, .exact = true},
    .check = take_no_options,
    .least = [](const Task& task) { return Integer(power(task.vocabulary, task.context) * (task.vocabulary - 1)); },
    .seconds =
        [](const Shape& shape, const StrategyOptions&, bool) {
          const double inputs = power(shape.task.vocabulary, shape.task.context).convert_to<double>();
          return inputs * (static_cast<double>(shape.task.vocabulary) * 2e-9 + 4e-8);
        },
    .find =
        [](const Assignment& r) {
          const attention_only::Tables tables = attention_only::tables(r.model);
          return Findings{{attention_only::enumeration_sums(tables, r.sums), "double with an a-priori error bound"},
                          {},
                          {},
                          {attention_only_enumeration.rule}};
        },
    .shorter = "--strategy soft-near-far bounds the loss and --strategy near-far the accuracy, for any context"};

} // namespace proofmark
