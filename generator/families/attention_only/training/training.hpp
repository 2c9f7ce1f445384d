// Training a one-layer attention-only transformer as the paper on compact proofs does: every weight from the normal
// distribution of variance 0.8² / d, as TransformerLens starts them, drawn in the order embed.W_E, pos_embed.W_pos,
// W_Q, W_K, W_V, W_O, unembed.W_U, each row by row; no biases.
//
// Training for provability adds to the cross-entropy a penalty for what the rule cubic@1 cannot show (cubic_gradient).
#pragma once

#include "families/attention_only/training/gradient.hpp"
#include "training/training.hpp"

namespace proofmark {

extern const Trainer attention_only_trainer;

AttentionOnlyWeights<float> initial_attention_only_weights(const Task&, std::uint64_t width, std::uint64_t head_width,
                                                           Random&);

} // namespace proofmark
