// A model of any family, recognised from the names of its tensors.
#pragma once

#include "attention_only/model.hpp"
#include "token_sum_model.hpp"

#include <variant>

namespace proofmark {

using Model = std::variant<TokenSumModel, AttentionOnlyModel>;

// TransformerLens names are of attention-only, all others are taken for token-sum. Throws Error (data) as
// token_sum_model() and attention_only_model() do.
Model recognised(std::vector<Tensor>);

Family family(const Model&);
std::uint64_t vocabulary(const Model&);
std::vector<Tensor> tensors(const Model&); // sorted by name
std::string model_sha256(const Model&);

} // namespace proofmark
