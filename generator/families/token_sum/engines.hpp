// What is known by label, by whichever engine suits the model: doubles with a proved error where they reach,
// intervals elsewhere.
#pragma once

#include "families/token_sum/bounds/block_jensen.hpp"
#include "families/token_sum/head_tail/search.hpp"
#include "families/token_sum/model.hpp"
#include "models/shape.hpp"
#include "strategies/label_sum.hpp"
#include "strategies/patience.hpp"

#include <string>

namespace proofmark {

// About how long the following takes, in seconds of one thread, where doubles reach.
double exact_seconds(const Shape&);
double convexity_seconds(const Shape&);
double head_tail_seconds(const Shape&, std::uint64_t heads);
double block_jensen_seconds(const Shape&, std::uint64_t blocks);

// S_y itself. Throws Error: data when logits lie further apart than these engines take, usage when intervals are needed
// and likely to take too long.
LabelSums exact_sums(const Model&, const Task&, const LabelSumOptions&, const Patience&);

// What convexity@1 bounds S_y by, and the inputs that are correct by that bound. Throws likewise.
LabelSums convexity_sums(const Model&, const Task&, const LabelSumOptions&, const Patience&);

// The bounds of head-tail@1, with witnesses that the search finds; by intervals, where doubles do not reach, the
// witnesses are plain heads. Throws likewise, and when a budget is too small.
struct HeadTailSums {
  HeadTail witness;
  LabelSums sums;
};
HeadTailSums head_tail_sums(const Model&, const Task&, const HeadTailSearch&, const LabelSumOptions&, const Patience&);

// The bounds of block-jensen@1 with multipliers that the search finds. Throws likewise.
struct BlockJensenSums {
  BlockJensen witness;
  LabelSums sums;
};
BlockJensenSums block_jensen_sums(const Model&, const Task&, std::vector<LabelRange> blocks, const LabelSumOptions&,
                                  const Patience&);

} // namespace proofmark
