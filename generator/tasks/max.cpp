// The largest of the tokens.

#include "tasks/labels.hpp"

#include <algorithm>

namespace proofmark {

const Labels max_labels{
    .name = "max",
    .in_words = "the largest of the tokens",
    .formula = "max(a_0, .., a_(k-1))",
    .undefined = {},
    .example = "max",
    .of_example = {3, 7, 5},
    .of = [](std::span<const Token> tokens, std::uint64_t) -> std::optional<std::uint64_t> {
      return *std::ranges::max_element(tokens);
    },
    .most = [](std::span<const Token> largest, std::uint64_t) -> std::optional<std::uint64_t> {
      return *std::ranges::max_element(largest);
    },
    .inputs = [](std::uint64_t context,
                 LabelRange labels) { return Integer(power(labels.to, context) - power(labels.from, context)); },
};

} // namespace proofmark
