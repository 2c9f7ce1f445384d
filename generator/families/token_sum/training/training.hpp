// Training a token-sum network the way the public compact-proofs tutorial does: weights uniform in +-1/sqrt(fan in), as
// nn.Linear starts them (the fan in of the embedding is V, of the others d), drawn in the order embedding.weight,
// linear.weight, unembedding.weight, each row by row.
//
// Training for provability departs from it in one thing: every step minimises the head-tail upper bound of the
// loss in place of the loss, because that is what a short proof can state. (docs/training.md has measurements,
// and why no steps on the cross-entropy come first.)
#pragma once

#include "families/token_sum/training/layers.hpp"
#include "training/training.hpp"

namespace proofmark {

extern const Trainer token_sum_trainer;

TokenSumWeights<float> initial_token_sum_weights(const Task&, std::uint64_t width, Random&);

} // namespace proofmark
