// A model of any family, recognised from the names of its tensors.
#pragma once

#include "families/attention_only/model.hpp"
#include "families/token_sum/model.hpp"
#include "models/shape.hpp"

#include <variant>

namespace proofmark {

using Model = std::variant<TokenSumModel, AttentionOnlyModel>;

// In what a file says of its model: how many tokens an input has, as the model was trained.
inline constexpr const char* context_key = "proofmark.context";

// TransformerLens names are of attention-only, all others are taken for token-sum. Throws Error (data) as
// token_sum_model() and attention_only_model() do, and when the file names a context that cannot be.
Model recognised(SafetensorsFile);

SafetensorsFile as_file(const Model&); // what recognised() takes

// What the family computes from such inputs, in one line: "2 tokens of 2048, summed; ..".
std::string function_in_words(Family, const Task&);

Family family(const Model&);
Shape shape_of(const Model&, std::uint64_t context);
std::uint64_t vocabulary(const Model&);
std::vector<Tensor> tensors(const Model&);                     // sorted by name
std::string model_sha256(const Model&, std::uint64_t context); // as a function of so many tokens

} // namespace proofmark
