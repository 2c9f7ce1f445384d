// Fact A8: an input that is not correct costs at least ln 2.
#pragma once

#include "rules/result.hpp"

#include <algorithm>

namespace verifier::rules {

// Of so many inputs whose losses sum to at most `sum`, no more than floor(sum / ln 2) are not correct.
inline Result from_loss(kernel::Kernel& k, const kernel::Total& sum, const kernel::Integer& inputs, bool correct) {
  Result result;
  result.at_most = sum;
  if (!correct) return result;
  result.correct_at_least = std::max<kernel::Integer>(0, inputs - most_of_ln_2(k, sum));
  result.correct_at_most = inputs;
  return result;
}

} // namespace verifier::rules
