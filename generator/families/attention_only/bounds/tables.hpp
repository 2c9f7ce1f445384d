// The tables that proofs of a transformer are found from, as doubles with a bound on their error
// (docs/rules/attention/README.md, docs/generator-numerics.md).
#pragma once

#include "families/attention_only/model.hpp"
#include "numbers/product.hpp"

namespace proofmark::attention_only {

struct Tables {
  std::uint64_t n, V;
  MatrixD EU, OV; // [V x V], row = query or token, column = output; nats
  MatrixD PO;     // [n x V]
  MatrixD A;      // [V x V], row = query, column = token
  MatrixD B;      // [V x n], row = query, column = position

  double value_error; // no entry of EU, OV, PO is further than this from the exact one; at most 2^-20
  double score_error; // of A and B; at most 2^-36
};

// Within each row of A, and of B, entries differ by at most 300: products of weights exp(A), exp(B), taken relative
// to any entries of the row, stay within exp(600) of 1. Throws Error (data) for models whose scores lie further apart, for
// weights that products of doubles cannot hold to that error, and for entries that the verifier does not take.
Tables tables(const Model&);

} // namespace proofmark::attention_only
