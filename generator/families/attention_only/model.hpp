// One-layer attention-only transformers of one head, family "attention-only", as TransformerLens stores them
// (docs/rules/attention/README.md). Only the last position is read, so the causal mask has no effect.
#pragma once

#include "models/tensors.hpp"

namespace proofmark {

// A model file whose tensors have the names and shapes of the family. The bytes are what a certificate will
// carry.
struct AttentionOnlyModel {
  std::uint64_t context = 0;    // n
  std::uint64_t vocabulary = 0; // V
  std::uint64_t width = 0;      // d
  std::uint64_t head_width = 0; // h
  Tensor query;                 // "blocks.0.attn.W_Q"  [1, d, h]
  Tensor key;                   // "blocks.0.attn.W_K"  [1, d, h]
  Tensor value;                 // "blocks.0.attn.W_V"  [1, d, h]
  Tensor output;                // "blocks.0.attn.W_O"  [1, h, d]
  Tensor embedding;             // "embed.W_E"          [V, d]
  Tensor positions;             // "pos_embed.W_pos"    [n, d]
  Tensor unembedding;           // "unembed.W_U"        [d, V]
};

// Whether a tensor of one of these names is there: blocks.*, embed.*, pos_embed.*, unembed.*.
bool looks_attention_only(const std::vector<Tensor>&);

// Biases (blocks.0.attn.b_Q, b_K, b_V, b_O, unembed.b_U) may be there when every element is zero; they are left
// out of the model. Throws Error (data) that names the tensor and the expected shape when the tensors are not a
// model of this family, when a weight is infinite or not a number, or when n, V, d or h is outside the limits of
// the format.
AttentionOnlyModel attention_only_model(std::vector<Tensor>);

std::vector<Tensor> tensors(const AttentionOnlyModel&); // sorted by name
std::uint64_t weight_bytes(const AttentionOnlyModel&);  // of all tensors

} // namespace proofmark
