// The tutorial's network, family "token-sum": logits(t) = sum_i M[t_i, :] with M = E W U (schema/FORMAT.md,
// section 5).
#pragma once

#include "models/model.hpp"

namespace proofmark {

// The names of the tensors, in ascending order.
namespace token_sum {
inline constexpr const char *embedding = "embedding.weight", // [d, V]
    *linear = "linear.weight",                               // [d, d]
        *unembedding = "unembedding.weight";                 // [V, d]
} // namespace token_sum

// As Family says of `model`.
Model token_sum_model(std::vector<Tensor>);

} // namespace proofmark
