#include "networks/naming/schemes.hpp"

#include <array>

namespace proofmark::networks {

namespace {

using enum Role;
using enum Layout;

constexpr std::array tutorial = {
    Row{tokens, "embedding.weight", width_tokens},
    Row{readout, "linear.weight"},
    Row{readout, "unembedding.weight"},
};

constexpr std::array operands = {
    Row{left, "(left|embed_left|left_embedding).weight", tokens_width},
    Row{right, "(right|embed_right|right_embedding).weight", tokens_width},
    Row{readout, "(unembedding|unembed|output).weight"},
};

constexpr std::array transformer_lens = {
    Row{tokens, "embed.W_E", tokens_width},
    Row{positions, "pos_embed.W_pos"},
    Row{norm_1, "blocks.#.ln1.w"},
    Row{query, "blocks.#.attn.W_Q", heads_in_head},
    Row{key, "blocks.#.attn.W_K", heads_in_head},
    Row{value, "blocks.#.attn.W_V", heads_in_head},
    Row{output, "blocks.#.attn.W_O", heads_head_out},
    Row{norm_2, "blocks.#.ln2.w"},
    Row{mlp_in, "blocks.#.mlp.W_in", in_out},
    Row{mlp_out, "blocks.#.mlp.W_out", in_out},
    Row{final_norm, "ln_final.w"},
    Row{readout, "unembed.W_U", in_out},
};

constexpr std::array transformer_lens_4 = {
    Row{tokens, "embed.weight", tokens_width}, Row{positions, "pos_embed.weight"},
    Row{norm_1, "blocks.#.ln1.weight"},        Row{query, "blocks.#.attn.q.weight"},
    Row{key, "blocks.#.attn.k.weight"},        Row{value, "blocks.#.attn.v.weight"},
    Row{output, "blocks.#.attn.o.weight"},     Row{norm_2, "blocks.#.ln2.weight"},
    Row{mlp_in, "blocks.#.mlp.in.weight"},     Row{mlp_out, "blocks.#.mlp.out.weight"},
    Row{final_norm, "ln_final.weight"},        Row{readout, "unembed.weight"},
};

// Ends of networks that people write themselves.
constexpr Row plain_tokens{tokens, "(tok_embed|token_embedding|tok|embed|embedding|wte).weight", tokens_width};
constexpr Row plain_positions{
    positions, "(pos_embed|pos_embed.weight|pos_embedding.weight|position_embedding.weight|pos|pos.weight|wpe.weight)"};
constexpr Row plain_final_norm{final_norm, "(ln_final|ln_f|norm|final_norm).weight"};
constexpr Row plain_readout{readout, "(unembed|unembedding|lm_head|head|head.#|h#).weight"};

constexpr std::array torch = {
    plain_tokens,
    plain_positions,
    Row{norm_1, "(layers|blocks).#.(ln1|norm1).weight"},
    Row{query, "(layers|blocks).#.(attn.q|attn.q_proj|Wq).weight"},
    Row{key, "(layers|blocks).#.(attn.k|attn.k_proj|Wk).weight"},
    Row{value, "(layers|blocks).#.(attn.v|attn.v_proj|Wv).weight"},
    Row{output, "(layers|blocks).#.(attn.o|attn.o_proj|Wo).weight"},
    Row{norm_2, "(layers|blocks).#.(ln2|norm2).weight"},
    Row{mlp_in, "(layers|blocks).#.(mlp.in|mlp.fc1|mlp.0|mlp1|linear1).weight"},
    Row{mlp_out, "(layers|blocks).#.(mlp.out|mlp.fc2|mlp.2|mlp2|linear2).weight"},
    plain_final_norm,
    plain_readout,
};

constexpr std::array torch_attention = {
    plain_tokens,
    plain_positions,
    Row{norm_1, "(layers|blocks|encoder.layers|transformer.layers).#.(ln1|norm1).weight"},
    Row{packed, "(attns.#|(layers|blocks|encoder.layers|transformer.layers).#.(self_attn|attn)).in_proj_weight"},
    Row{output, "(attns.#|(layers|blocks|encoder.layers|transformer.layers).#.(self_attn|attn)).out_proj.weight"},
    Row{norm_2, "(layers|blocks|encoder.layers|transformer.layers).#.(ln2|norm2).weight"},
    Row{mlp_in, "(layers|blocks|encoder.layers|transformer.layers).#.(mlp.in|mlp.fc1|mlp.0|mlp1|linear1).weight"},
    Row{mlp_out, "(layers|blocks|encoder.layers|transformer.layers).#.(mlp.out|mlp.fc2|mlp.2|mlp2|linear2).weight"},
    plain_final_norm,
    plain_readout,
};

constexpr std::array all = {
    Scheme{.name = "tutorial",
           .summary = "embedding, linear, unembedding of nn.Linear, summed",
           .rows = tutorial,
           .sums = true},
    Scheme{.name = "operands", .summary = "left and right embedding, readout", .rows = operands},
    Scheme{.name = "transformer-lens",
           .summary = "TransformerLens 1 to 3: embed.W_E, blocks.0.attn.W_Q",
           .rows = transformer_lens,
           .folds_norms = true},
    Scheme{.name = "transformer-lens-4",
           .summary = "TransformerLens 4: embed.weight, blocks.0.attn.q.weight",
           .rows = transformer_lens_4},
    Scheme{.name = "torch", .summary = "tok_embed.weight, layers.0.attn.q.weight", .rows = torch, .post_norms = true},
    Scheme{.name = "torch-attention",
           .summary = "nn.MultiheadAttention: in_proj_weight, out_proj.weight",
           .rows = torch_attention,
           .post_norms = true,
           .scaled_scores = true},
};

} // namespace

std::span<const Scheme> schemes() {
  return all;
}

const Scheme* scheme_named(std::string_view name) {
  for (const Scheme& scheme : all)
    if (scheme.name == name) return &scheme;
  return nullptr;
}

std::vector<std::string> scheme_names() {
  std::vector<std::string> names;
  for (const Scheme& scheme : all) names.emplace_back(scheme.name);
  return names;
}

} // namespace proofmark::networks
