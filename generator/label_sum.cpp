#include "label_sum.hpp"

namespace proofmark {

Integer orderings(std::span<const std::uint64_t> sorted_tokens) {
  Integer result = 1;
  unsigned run = 0;
  for (std::size_t i = 0; i < sorted_tokens.size(); ++i) {
    run = i > 0 && sorted_tokens[i] == sorted_tokens[i - 1] ? run + 1 : 1;
    result =
        result * static_cast<unsigned>(i + 1) / run; // a multinomial coefficient after every token: exact
  }
  return result;
}

double verifier_logit_error(double largest_logit) {
  return 0x1p-44 * largest_logit + 0x1p-46;
}

} // namespace proofmark
