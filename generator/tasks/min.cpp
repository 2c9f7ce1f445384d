// The smallest of the tokens.

#include "tasks/labels.hpp"

#include <algorithm>

namespace proofmark {

const Labels min_labels{
    .name = "min",
    .in_words = "the smallest of the tokens",
    .formula = "min(a_0, .., a_(k-1))",
    .undefined = {},
    .example = "min",
    .of_example = {3, 7, 5},
    .of = [](std::span<const Token> tokens, std::uint64_t) -> std::optional<std::uint64_t> {
      return *std::ranges::min_element(tokens);
    },
    .most = [](std::span<const Token> largest, std::uint64_t) -> std::optional<std::uint64_t> {
      return *std::ranges::min_element(largest);
    },
};

} // namespace proofmark
