// The largest of the tokens.

#include "tasks/labels.hpp"

#include <algorithm>

namespace proofmark {

const Labels max_labels{
    .name = "max",
    .in_words = "the largest",
    .of = [](std::span<const Token> input) { return *std::ranges::max_element(input); },
    .inputs = [](std::uint64_t context,
                 LabelRange labels) { return Integer(power(labels.to, context) - power(labels.from, context)); },
};

} // namespace proofmark
