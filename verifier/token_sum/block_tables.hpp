// Tables that block-jensen@1 needs (docs/rules/block-jensen.md).
#pragma once

#include "packed_reals.hpp"
#include "tables.hpp"
#include "witnesses.hpp"

namespace verifier::token_sum {

struct BlockTables {
  BlockWitness witness;
  PackedReals sums;                                // B_I[k] = sum_{a in I} u_a A[a,k], upper ends [B x V]
  std::vector<Real> logarithms, logarithms_before; // of each block: sum ln u_a over it, over all before; lower ends [B]
};

BlockTables make_block_tables(const Tables&, const Task&, BlockWitness, unsigned threads);

} // namespace verifier::token_sum
