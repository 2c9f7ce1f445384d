// The tables that every rule of the family token-sum starts from: logits M = E W U, shifts, and A[a,k] =
// exp(M[a,k] - s_a).
//
// Here they are approximations with proved errors, good to about 1e-15 nats, in 64-bit integers and doubles
// (NOT intervals): bulk arithmetic runs on them, and whoever uses them adds the errors at the end.
// docs/generator-numerics.md, section 4.
#pragma once

#include "families/token_sum/model.hpp"
#include "numbers/exponential.hpp"
#include "numbers/fixed_point.hpp"
#include "tasks/inputs.hpp"

#include <optional>

namespace proofmark {

struct TokenSumTables {
  Task task;
  FixedPoint logits;               // M  [V x V], row a = token, column k = output; sums of n entries stay below 2^61
  double logit_error = 0;          // |M[a,k] - logits[a,k] 2^-scale| <= logit_error
  double largest_logit = 0;        // |M[a,k]| <= largest_logit
  std::vector<std::int64_t> shift; // s  [V], row maxima of `logits`, in the same units
  Exponential exponential;
  MatrixD exponentials; // A  [V x V], exp of (logits[a,k] - shift[a]) 2^-scale as Exponential promises

  std::int64_t deficit(std::uint64_t a, std::uint64_t k) const { return shift[a] - logits.row(a)[k]; } // D[a,k] >= 0
};

// Nothing when fixed point cannot hold these logits well enough (magnitudes beyond about 2^20 nats, or a loss
// of more than about 2^-36 nats an input): then the reference path has to do the work.
std::optional<TokenSumTables> token_sum_tables(const Model&, const Task&, unsigned threads);

} // namespace proofmark
