// What is known by label, by whichever engine suits the model: doubles with a proved error where they reach,
// intervals elsewhere.
#pragma once

#include "block_jensen.hpp"
#include "head_tail_search.hpp"
#include "label_sum.hpp"
#include "token_sum_model.hpp"

#include <string>

namespace proofmark {

struct LabelSums {
  std::vector<LabelSum> labels; // 0 .. V-1
  std::string engine;           // for the provenance
  bool beyond_verifier = false; // a logit lies more than 2^20 nats below its row's largest (limit-logit-range)
};

// Throws Error (usage) where work would take longer than somebody is ready to wait.
void refuse_if_slow(double seconds, double patience_s);

// S_y itself. Throws Error (usage) when the work is likely to take longer than `patience_s` seconds.
LabelSums exact_sums(const TokenSumModel&, const Task&, const LabelSumOptions&, double patience_s);

// What convexity@1 bounds S_y by, and the inputs that are correct by that bound. Throws likewise.
LabelSums convexity_sums(const TokenSumModel&, const Task&, const LabelSumOptions&, double patience_s);

// The bounds of head-tail@1, with witnesses that the search finds; by intervals, where doubles do not reach, the
// witnesses are plain heads. Throws likewise, and when a budget is too small.
struct HeadTailSums {
  HeadTail witness;
  LabelSums sums;
};
HeadTailSums head_tail_sums(const TokenSumModel&, const Task&, const HeadTailSearch&, const LabelSumOptions&,
                            double patience_s);

// The bounds of block-jensen@1 with multipliers that the search finds. Throws likewise.
struct BlockJensenSums {
  BlockJensen witness;
  LabelSums sums;
};
BlockJensenSums block_jensen_sums(const TokenSumModel&, const Task&, std::vector<LabelRange> blocks,
                                  const LabelSumOptions&, double patience_s);

} // namespace proofmark
