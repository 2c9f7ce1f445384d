// The token that came after the last one when it was there before.

#include "tasks/labels.hpp"

#include <algorithm>

namespace proofmark {

namespace {

std::optional<std::uint64_t> after_first(std::span<const Token> tokens, std::uint64_t) {
  const auto last = tokens.end() - 1;
  const auto found = std::find(tokens.begin(), last, *last);
  if (found == last) return {};
  return *(found + 1);
}

} // namespace

const Labels induction_labels{
    .name = "induction",
    .in_words = "the token after the first earlier occurrence of the last token",
    .formula = "a_(j+1) for the least j < k-1 with a_j = a_(k-1)",
    .undefined = "has no earlier occurrence of its last token",
    .example = "induction",
    .of_example = {4, 2, 7, 5, 2},
    .least_tokens = 2,
    .of = after_first,
    .most = [](std::span<const Token> largest, std::uint64_t) -> std::optional<std::uint64_t> {
      return *std::ranges::max_element(largest.subspan(1));
    },
};

} // namespace proofmark
