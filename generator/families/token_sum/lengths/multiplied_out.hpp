// What the rules of token-sum that multiply out have in common: rows (t_2, .., t_n) of inputs, and inputs of which all outputs are
// evaluated.
#pragma once

#include "lengths/tensor.hpp"

namespace proofmark::lengths::token_sum {

// prod x[t_i, .], or the sum, of each row over so many tokens; with none each row is a batch, and has a number of its own.
inline Tensor product_at(const Tensor& x, std::uint64_t tokens, const Integer& rows) {
  if (tokens == 0) return columns(numbers(*x.payer, rows), x.columns);
  const Tensor at{x.payer, rows, x.columns};
  Tensor product = copied(at);
  for (std::uint64_t i = 1; i < tokens; ++i) product = product * copied(at);
  return product;
}

inline Tensor sum_at(const Tensor& x, std::uint64_t tokens, const Integer& rows) {
  if (tokens == 0) return columns(numbers(*x.payer, rows), x.columns);
  const Tensor at{x.payer, rows, x.columns};
  Tensor sum = copied(at);
  for (std::uint64_t i = 1; i < tokens; ++i) sum = sum + copied(at);
  return sum;
}
inline void multiplied_out(const Tensor& A, std::uint64_t tokens, const Integer& rows) {
  sum_at(A, tokens, rows), product_at(A, tokens, rows);
}

inline Tensor entries_of_each(const Tensor& inputs) { // of its row, and of its first token
  copied(inputs);
  return copied(inputs);
}
inline Tensor label_logits(const Tensor& inputs) {
  return sums(entries_of_each(inputs));
}

// Inputs: a column. Logits are compared, and margins found.
inline void classify(const Tensor& inputs, const Integer& outputs) {
  if (outputs == 1) return;
  const Tensor others = largest_sums_of_pairs(columns(inputs, outputs)), beyond = others - inputs;
  count_signs(beyond), count_signs(beyond);
  signs(inputs - others);
}

} // namespace proofmark::lengths::token_sum
