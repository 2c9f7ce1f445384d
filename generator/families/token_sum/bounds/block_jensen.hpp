// block-jensen@1, docs/rules/block-jensen.md: all pairs of two blocks of tokens in one inner product.
#pragma once

#include "certificates/witness.hpp"
#include "families/token_sum/bounds/tables.hpp"
#include "strategies/label_sum.hpp"

#include <vector>

namespace proofmark {

struct BlockJensen {
  std::vector<LabelRange> blocks;  // cover 0 .. V in order
  std::vector<double> multipliers; // u [V], positive
};

// Multipliers for these blocks, near the best. The bound is convex in their logarithms; a token's weight in it is 2 V
// whatever they are, so each is scaled by the square root of how far its weight in the tangent is from that, in turns.
BlockJensen find_block_jensen(const TokenSumTables&, std::vector<LabelRange> blocks, unsigned threads);
// Without a search, for logits that only intervals can hold: each token scaled by itself.
BlockJensen plain_block_jensen(const std::vector<Interval>& logits, const Task&, std::vector<LabelRange> blocks);

Witnesses witnesses(const BlockJensen&);

// The rule's bound on the sum over each block, standing at the block's last label; the other labels have their label
// terms' share of it, so that sums over whole blocks are right. In doubles with a proved error, or by intervals.
std::vector<LabelSum> block_jensen_sums(const TokenSumTables&, const BlockJensen&, const LabelSumOptions&);
std::vector<LabelSum> reference_block_jensen_sums(const std::vector<Interval>& logits, const Task&, const BlockJensen&,
                                                  const LabelSumOptions&);

} // namespace proofmark
