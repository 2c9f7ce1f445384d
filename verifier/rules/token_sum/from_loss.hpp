// Fact A8: an input that is not correct costs at least ln 2.
#pragma once

#include "rules/token_sum/problem.hpp"

namespace verifier::rules::token_sum {

// Of so many inputs whose losses sum to at most `sum`, no more than floor(sum / ln 2) are not correct.
inline Result from_loss(Kernel& k, const Problem& problem, const Total& sum, const Integer& inputs) {
  Result result;
  result.at_most = sum;
  if (!problem.correct) return result;
  const Integer wrong = most_of_ln_2(k, sum);
  result.correct_at_least = wrong < inputs ? Integer(inputs - wrong) : Integer(0);
  result.correct_at_most = inputs;
  return result;
}

} // namespace verifier::rules::token_sum
