// Family "attention-only": its tensors, by TransformerLens' names.
#pragma once

#include "../certificate.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace verifier::attention_only {

inline constexpr const char *embedding_name = "embed.W_E", *positions_name = "pos_embed.W_pos",
                            *query_name = "blocks.0.attn.W_Q", *key_name = "blocks.0.attn.W_K",
                            *value_name = "blocks.0.attn.W_V", *output_name = "blocks.0.attn.W_O",
                            *unembedding_name = "unembed.W_U";

std::vector<TensorName> tensor_names();

const Tensor& tensor(const Certificate&, const std::string& name);

// d and h, by the tensors' shapes.
struct Widths {
  std::uint64_t model, head;
};
Widths widths(const Certificate&);

// Fails with limit-vocabulary, limit-width, tensor-shape.
void require_shapes(const Certificate&);

} // namespace verifier::attention_only
