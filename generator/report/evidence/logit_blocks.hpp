// The table of logits M = E W U as a picture needs it: averages over blocks of tokens. In double precision, and no bound.
#pragma once

#include "families/token_sum/model.hpp"
#include "numbers/product.hpp"

#include <vector>

namespace proofmark {

// blocks + 1 ends; block i is [ends[i], ends[i+1]). values  [blocks x blocks], row = block of input tokens a, column =
// block of outputs k: the mean of M[a,k] over the block.
struct LogitBlocks {
  std::vector<std::uint64_t> ends;
  MatrixD values;

  std::size_t blocks() const { return ends.size() - 1; }
  bool exact() const { return blocks() == ends.back(); } // one token a block
};

LogitBlocks logit_blocks(const Model&, std::uint64_t most_blocks);

} // namespace proofmark
