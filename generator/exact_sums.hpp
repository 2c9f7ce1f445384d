// S_y by whichever engine suits the model: doubles with a proved error where they reach, intervals elsewhere.
#pragma once

#include "label_sum.hpp"
#include "token_sum_model.hpp"

#include <string>

namespace proofmark {

struct ExactSums {
  std::vector<LabelSum> labels; // 0 .. V-1
  std::string engine;           // for the provenance
  bool beyond_verifier =
      false; // a logit lies more than 2^20 nats below its row's largest (limit-logit-range)
};

// Throws Error (usage) when the work is likely to take longer than `patience_s` seconds.
ExactSums exact_sums(const TokenSumModel&, const Task&, const LabelSumOptions&, double patience_s);

// Roughly, from speeds measured on a 2022 server core; in seconds.
double predicted_fast_seconds(const Task&, std::uint64_t width, unsigned threads);
double predicted_reference_seconds(const Task&, std::uint64_t width, unsigned threads);

} // namespace proofmark
