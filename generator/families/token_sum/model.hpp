// The tutorial's network, family "token-sum": logits(t) = sum_i M[t_i, :] with M = E W U (schema/FORMAT.md,
// section 5).
#pragma once

#include "models/tensors.hpp"

#include <optional>
#include <string>
#include <vector>

namespace proofmark {

// A model file whose tensors have the names and shapes of the family. The bytes are what a certificate will
// carry.
struct TokenSumModel {
  std::uint64_t vocabulary = 0;         // V
  std::uint64_t width = 0;              // d
  std::optional<std::uint64_t> context; // n, where the file says it: the tensors take any number of tokens
  Tensor embedding;                     // "embedding.weight"    [d, V]
  Tensor linear;                        // "linear.weight"       [d, d]
  Tensor unembedding;                   // "unembedding.weight"  [V, d]
};

// Throws Error (data) that names the tensor and the expected shape when the tensors are not a model of this
// family, when a weight is infinite or not a number, or when V or d is outside the limits of the format.
TokenSumModel token_sum_model(std::vector<Tensor>);

std::vector<Tensor> tensors(const TokenSumModel&); // sorted by name
std::uint64_t weight_bytes(const TokenSumModel&);  // of all tensors

} // namespace proofmark
