// What the tables of a transformer cost (docs/rules/attention/README.md, "Cost of the tables").
#pragma once

#include "../operations.hpp"
#include "../shape.hpp"

namespace proofmark::attention_only {

Operations table_operations(const Shape&); // of every certificate

// Tables that only some rules need. All steps of a certificate that this program makes cite one rule, so that they are
// what the rule adds (RuleInUse::tables), together with one `read` for each element of its witnesses.
Operations tops(const Task&);
Operations running_scores(const Task&);
Operations running_weights(const Task&);
Operations direct_range(const Task&);

Operations times(const Integer& factor, Operations);

} // namespace proofmark::attention_only
