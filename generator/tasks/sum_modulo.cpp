// The sum of the tokens modulo a number: addition in a cyclic group.

#include "tasks/labels.hpp"

#include <algorithm>
#include <numeric>

namespace proofmark {

const Labels sum_modulo_labels{
    .name = "sum-modulo",
    .in_words = "the sum of the tokens modulo {}",
    .formula = "(a_0 + .. + a_(k-1)) mod modulus",
    .undefined = {},
    .example = "sum-modulo:113",
    .of_example = {70, 50},
    .parameter = {"modulus", 1, std::uint64_t{1} << 32},
    .of = [](std::span<const Token> tokens, std::uint64_t modulus) -> std::optional<std::uint64_t> {
      return std::accumulate(tokens.begin(), tokens.end(), std::uint64_t{0}) % modulus; // 64 tokens of 32 bits
    },
    .most = [](std::span<const Token> largest, std::uint64_t modulus) -> std::optional<std::uint64_t> {
      return std::min(modulus - 1, std::accumulate(largest.begin(), largest.end(), std::uint64_t{0}));
    },
};

} // namespace proofmark
