// What is to be found out about the inputs of one label, whichever rule a certificate then cites for it.
#pragma once

#include "operations.hpp"

#include <functional>
#include <span>
#include <vector>

namespace proofmark {

struct LabelSum {
  Interval loss;        // encloses S_y, the sum of loss(t) over the inputs with label y
  Interval label_terms; // encloses sum_t sum_i D[t_i, y]: how large the numbers are that cancel in S_y
  Integer correct;      // inputs that are classified correctly, with room for the verifier's own enclosures
  Integer undecided;    // inputs that are tied or too close to a tie
};

struct LabelSumOptions {
  bool count_correct = true;
  unsigned threads = 1;
  std::function<void(double)> progress; // the fraction that is done, 0 to 1; may be empty
};

// n! / prod(multiplicities!): how many inputs sort to these tokens, which must be sorted one way or the
// other.
Integer orderings(std::span<const std::uint64_t> sorted_tokens);

// How far an enclosure of a logit that the verifier computes may reach from the exact value, before the
// generator's count of correct inputs could differ from the verifier's; in nats. The verifier's logits are in
// fact exact.
double verifier_logit_error(double largest_logit);

} // namespace proofmark
