// What the fast engines share (loss_sums, mixture_sums): how inner products of entries of A are summed,
// products of many of them, and the bound on all their errors.
#pragma once

#include "families/token_sum/bounds/tables.hpp"
#include "numbers/log_sum.hpp"
#include "strategies/label_sum.hpp"

#include <vector>

namespace proofmark {

// Inner products are summed in panels of so many columns, then over the panels.
constexpr std::uint64_t panel = 256;

// In an inner product below this, entries that were raised to Exponential::tiny may matter.
constexpr double least_reliable = 0x1p-400;

// Inputs one at a time, from exact sums of logits.
class DirectSums {
public:
  explicit DirectSums(const TokenSumTables&);

  std::vector<std::int64_t>& logits(const Tokens& input); // sum_i M[t_i,k]; [V], valid until the next call

  // By Z(t), for an input whose terms are too small for doubles: with u_k = sum_i M[t_i,k] and m = max u,
  // ln Z(t) = ln sum_k exp(u_k - m) + m - sum_i s_(t_i), the last difference exact. One of the terms is 1.
  void multiply(LogSum&, const Tokens& input);

private:
  const TokenSumTables& tables_;
  std::vector<std::int64_t> sums_;
  std::vector<double> terms_;
};

// The proved bound on the error of ln Z(t) of one input plus that of its logits' effect on the loss; see
// docs/generator-numerics.md, sections 4 to 6.
double error_per_input(const TokenSumTables&);

// The label's sum from computed logarithms of Z, whose weights add up to the number of its inputs: the label
// terms of docs/rules/enumeration.md are added, and error_per_input for every input. Counts nothing.
LabelSum with_label_terms(const TokenSumTables&, std::uint64_t label, const Interval& logarithms);

} // namespace proofmark
