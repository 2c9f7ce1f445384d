// convexity@1, docs/rules/convexity.md: tokens are mixed, so that mixtures of two tokens stand for all
// inputs. From above only.

#include "strategies/strategy.hpp"

namespace proofmark {

const Strategy convexity{
    .family = Family::token_sum,
    .name = "convexity",
    .summary = "tokens mixed: from above only and loose, and the shortest proof",
    .rule = {.name = "convexity@1"},
    .check = take_no_options,
    .seconds = [](const Shape& shape, const StrategyOptions&, bool) { return convexity_seconds(shape); },
    .plan =
        [](const PlanRequest& r) {
          return Plan{convexity_sums(token_sum(r), r.task, r.sums, r.patience), {}, {}, {convexity.rule}};
        }};

} // namespace proofmark
