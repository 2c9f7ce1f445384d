// The tables of head-tail@1: norms of tails, and totals. They state real numbers, as rules do; docs/rules/head-tail.md.
#pragma once

#include "rules/token_sum/heads.hpp"

namespace verifier::rules::token_sum {

// By level that is not exact, [tokens x G]: the factors of the bound on a tail,
//   n = 2:   first ( sum_{k in g} R[a,k]² w_k )^(1/2),   other ( sum_{k in g} R[a,k]² / w_k )^(1/2), of every token;
//   n >= 3:  first ( sum_{k in g, not in H_y} A[y,k] R[a,k]^p w_k )^(1/p),   other the same with 1/w_k, of tokens up to y.
struct Tails {
  std::vector<Positive> first, other;
};
Tails tails(Kernel& k, const Problem& problem, Token y);

void add_head_tail_tables(Kernel& k, Problem& problem, HeadTailWitness witness); // to a problem that has L and A

} // namespace verifier::rules::token_sum
