// The length of the longest cycle of the map i -> a_i, less one.

#include "tasks/labels.hpp"

#include <algorithm>

namespace proofmark {

namespace {

std::optional<std::uint64_t> longest(std::span<const Token> tokens, std::uint64_t) {
  const std::size_t k = tokens.size();
  if (std::any_of(tokens.begin(), tokens.end(), [&](Token token) { return token >= k; })) return {};
  std::uint64_t result = 0;
  for (std::size_t start = 0; start < k; ++start) {
    std::uint64_t length = 1; // until the walk is at its start again; where it never is, no cycle passes there
    std::size_t at = tokens[start];
    for (; at != start && length <= k; at = tokens[at]) ++length;
    if (at == start) result = std::max(result, length);
  }
  return result - 1;
}

} // namespace

const Labels longest_cycle_labels{
    .name = "longest-cycle",
    .in_words = "the length of the longest cycle of the map i -> token i, less one",
    .formula = "the length of the longest cycle of i -> a_i, less one",
    .undefined = "has a token that is no position (they are below k)",
    .example = "longest-cycle",
    .of_example = {1, 2, 0, 3},
    .of = longest,
    .most = [](std::span<const Token> largest, std::uint64_t) -> std::optional<std::uint64_t> {
      if (!longest(largest, 0)) return {};
      return largest.size() - 1;
    },
};

} // namespace proofmark
