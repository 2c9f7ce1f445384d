#include "families/token_sum/bounds/correctness.hpp"

#include "numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace proofmark {

Correctness::Correctness(const TokenSumTables& tables)
    : V_(tables.task.vocabulary), direct_(tables), scale_(tables.logits.scale) {
  const double margin =
      2 * static_cast<double>(tables.task.context) * (tables.logit_error + verifier_logit_error(tables.largest_logit));
  room_ = static_cast<std::int64_t>(std::ldexp(margin, tables.logits.scale)) + 2;
  // See decide(): a factor 1 - 2^-30 in probability has to be more than the margin.
  probabilities_decide_ = margin <= 0x1p-31;
}

std::int64_t Correctness::margin_of(const Tokens& input) {
  std::vector<std::int64_t>& sums = direct_.logits(input);
  const std::int64_t at_label = std::exchange(sums[input.front()], std::numeric_limits<std::int64_t>::min());
  return at_label - *std::max_element(sums.begin(), sums.end()); // |sums| below 2^61: differences fit
}

Verdict Correctness::scan(const Tokens& input) {
  if (V_ == 1) return Verdict::correct;
  const std::int64_t margin = margin_of(input);
  if (margin > room_) return Verdict::correct;
  return -margin > room_ ? Verdict::incorrect : Verdict::undecided;
}

// Most inputs need no scan. Let P_k = prod_i A[t_i,k], so that Z = sum_k P_k, and y the label. If Z <= 2 P_y
// (1 - 2^-30) then every other P_k <= Z - P_y <= P_y (1 - 2^-29): its logit lies at least 2^-29 below, more
// than the margin and the error of z together. If Z > V P_y then some P_k > P_y. Both z and label_term are
// off by less than 2^-35 of their values where they are at least least_reliable, and label_term by less than
// 2^-480 below.
Verdict Correctness::decide(double z, double label_term, const Tokens& input) {
  if (probabilities_decide_ && z >= least_reliable) {
    if (label_term >= least_reliable && z <= 2 * label_term * (1 - 0x1p-30)) return Verdict::correct;
    if (z > 1.01 * static_cast<double>(V_) * label_term) return Verdict::incorrect;
  }
  return scan(input);
}

void Correctness::take(MarginSoFar& so_far, const Tokens& input) {
  const std::int64_t margin = margin_of(input);
  if (margin >= so_far.least) return;
  so_far.least = margin;
  so_far.exponential = elementary::exp(std::ldexp(static_cast<double>(margin), -scale_)) * (1 + 0x1p-29);
}

// In the notation of decide(), every other P_k <= Z - P_y, so that the margin is at least ln(P_y / (Z - P_y)). The error of
// the difference is below 2^-34 z, and the factors 1 + 2^-29 leave room for the relative ones and for those of logits.
void Correctness::take(MarginSoFar& so_far, double z, double label_term, const Tokens& input) {
  const bool reliable = probabilities_decide_ && z >= least_reliable && label_term >= least_reliable;
  if (reliable && (z - label_term + z * 0x1p-30) * so_far.exponential <= label_term) return;
  take(so_far, input);
}

double Correctness::lower_end(const MarginSoFar& so_far) const {
  return lower_double(enclose(Integer(so_far.least) - room_, -scale_));
}

} // namespace proofmark
