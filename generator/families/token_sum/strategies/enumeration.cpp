// enumeration@1, docs/rules/enumeration.md: brute force over all V^n inputs.
//
// The certificate pays for every input; the generator does not. S_y is the same number under any rule, so it
// is found once for each multiset of tokens (loss_sums.hpp), and only the verifier walks the inputs as the
// rule says.

#include "families/families.hpp"
#include "families/token_sum/engines.hpp"
#include "families/token_sum/strategies/strategies.hpp"

namespace proofmark {

const Strategy enumeration{
    .family = &token_sum_family,
    .name = "enumeration",
    .summary = "every input on its own: exact, and the longest proof",
    .rule = {.name = "enumeration@1", .from_below = true, .exact = true},
    .check = take_no_options,
    .least = [](const Task& task) { return Integer(task.vocabulary * power(task.vocabulary, task.context)); },
    .seconds = [](const Shape& shape, const StrategyOptions&, bool) { return exact_seconds(shape); },
    .find =
        [](const Assignment& r) {
          return Findings{exact_sums(r.model, r.task, r.sums, r.patience), {}, {}, {enumeration.rule}};
        },
    .shorter = "--strategy symmetry costs about 1/n! of that; or use a smaller --context"};

} // namespace proofmark
