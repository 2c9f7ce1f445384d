// What the rules that multiply out have in common: rows of inputs, and inputs of which all outputs are evaluated.
#pragma once

#include "rules/token_sum/inputs.hpp"

namespace verifier::rules::token_sum {

// Of each row: prod_{i>=2} A[t_i,k] and sum_{i>=2} L[t_i,k]   [rows x outputs]
struct Rows {
  Positive products;
  Real sums;
};
Rows multiplied_out(Kernel& k, const Problem& problem, const Batch& batch);

// prod x[t_i, .], of each row, over the tokens of some positions; 1 if there are none.
Positive product_at(const Positive& x, std::span<const std::vector<Token>> tokens, std::size_t rows);

// sum_i L[t_i, y] of each input: the logit of its label, but for the shifts.
Real label_logits(const Rows& rows, const Real& L, const Inputs& inputs);

// Fact A7: an input is correct when every other logit lies below its label's. Counts, and finds the least margin.
void classify(Result& result, const Rows& rows, const Real& L, const Batch& batch, const Inputs& inputs,
              const Real& own);

// Facts A0 and A7: everything about every input of a batch.
Result evaluated(Kernel& k, const Problem& problem, const Batch& batch);

} // namespace verifier::rules::token_sum
