// convexity@1, docs/rules/convexity.md: tokens are mixed, so that mixtures of two tokens stand for all
// inputs. From above only.

#include "families/families.hpp"
#include "families/token_sum/engines.hpp"
#include "families/token_sum/strategies/strategies.hpp"

namespace proofmark {

const Strategy convexity{
    .family = &token_sum_family,
    .name = "convexity",
    .summary = "tokens mixed: from above only and loose, and the shortest proof",
    .rule = {.name = "convexity@1"},
    .check = take_no_options,
    .seconds = [](const Shape& shape, const StrategyOptions&, bool) { return convexity_seconds(shape); },
    .find =
        [](const Assignment& r) {
          return Findings{convexity_sums(r.model, r.task, r.sums, r.patience), {}, {}, {convexity.rule}};
        }};

} // namespace proofmark
