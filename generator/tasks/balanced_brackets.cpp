// Whether a word of brackets is balanced: 0 opens, 1 closes.

#include "tasks/labels.hpp"

namespace proofmark {

namespace {

std::optional<std::uint64_t> balanced(std::span<const Token> tokens, std::uint64_t) {
  std::int64_t open = 0;
  bool closed_too_early = false;
  for (const Token token : tokens) {
    if (token > 1) return {};
    open += token == 0 ? 1 : -1;
    closed_too_early = closed_too_early || open < 0;
  }
  return open == 0 && !closed_too_early ? 1 : 0;
}

} // namespace

const Labels balanced_brackets_labels{
    .name = "balanced-brackets",
    .in_words = "whether the tokens are balanced brackets (0 opens, 1 closes)",
    .formula = "1 if every prefix has at least as many 0 as 1 and all of a_0 .. a_(k-1) as many, else 0",
    .undefined = "has a token other than 0 and 1",
    .example = "balanced-brackets",
    .of_example = {0, 0, 1, 1},
    .of = balanced,
    .most = [](std::span<const Token> largest, std::uint64_t) -> std::optional<std::uint64_t> {
      if (!balanced(largest, 0)) return {};
      return 1;
    },
};

} // namespace proofmark
