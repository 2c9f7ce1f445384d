// One-layer attention-only transformers of one head, family "attention-only", as TransformerLens stores them
// (docs/rules/attention/README.md). Only the last position is read, so the causal mask has no effect.
#pragma once

#include "models/model.hpp"

namespace proofmark {

// The names of the tensors.
namespace attention_only {
inline constexpr const char *query = "blocks.0.attn.W_Q", // [1, d, h]
    *key = "blocks.0.attn.W_K",                           // [1, d, h]
        *value = "blocks.0.attn.W_V",                     // [1, d, h]
            *output = "blocks.0.attn.W_O",                // [1, h, d]
                *embedding = "embed.W_E",                 // [V, d]
                    *positions = "pos_embed.W_pos",       // [n, d]
                        *unembedding = "unembed.W_U";     // [d, V]
} // namespace attention_only

// Whether a tensor of one of these names is there: blocks.*, embed.*, pos_embed.*, unembed.*.
bool looks_attention_only(const std::vector<Tensor>&);

// As Family says of `model`. Biases (blocks.0.attn.b_Q, b_K, b_V, b_O, unembed.b_U) may be there when every element is zero;
// they are left out of the model.
Model attention_only_model(std::vector<Tensor>);

} // namespace proofmark
