// What is known by label, by whichever engine suits the model: doubles with a proved error where they reach,
// intervals elsewhere.
#pragma once

#include "label_sum.hpp"
#include "token_sum_model.hpp"

#include <string>

namespace proofmark {

struct LabelSums {
  std::vector<LabelSum> labels; // 0 .. V-1
  std::string engine;           // for the provenance
  bool beyond_verifier = false; // a logit lies more than 2^20 nats below its row's largest (limit-logit-range)
};

// S_y itself. Throws Error (usage) when the work is likely to take longer than `patience_s` seconds.
LabelSums exact_sums(const TokenSumModel&, const Task&, const LabelSumOptions&, double patience_s);

// What convexity@1 bounds S_y by, and the inputs that are correct by that bound. Throws likewise.
LabelSums convexity_sums(const TokenSumModel&, const Task&, const LabelSumOptions&, double patience_s);

} // namespace proofmark
