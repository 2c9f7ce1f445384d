// The product of two permutations, both by their rank in lexicographic order: (x y)(i) = x(y(i)).

#include "tasks/labels.hpp"

#include <algorithm>
#include <array>

namespace proofmark {

namespace {

constexpr std::size_t most = 7;
using Permutation = std::array<std::uint8_t, most>; // of 0 .. degree-1, in its first places

constexpr std::array<std::uint64_t, most + 1> factorials{1, 1, 2, 6, 24, 120, 720, 5040};

Permutation permutation_of(std::uint64_t rank, std::size_t degree) {
  std::array<std::uint8_t, most> left{0, 1, 2, 3, 4, 5, 6};
  Permutation result{};
  for (std::size_t i = 0; i < degree; ++i) {
    const auto at = static_cast<std::size_t>(rank / factorials[degree - 1 - i]);
    rank %= factorials[degree - 1 - i];
    result[i] = left[at];
    std::copy(left.begin() + static_cast<long>(at) + 1, left.end(), left.begin() + static_cast<long>(at));
  }
  return result;
}

std::uint64_t rank_of(const Permutation& permutation, std::size_t degree) {
  std::uint64_t rank = 0;
  for (std::size_t i = 0; i < degree; ++i) {
    std::uint64_t smaller = 0; // of those that come later
    for (std::size_t j = i + 1; j < degree; ++j) smaller += permutation[j] < permutation[i] ? 1 : 0;
    rank += smaller * factorials[degree - 1 - i];
  }
  return rank;
}

std::optional<std::uint64_t> product(std::span<const Token> tokens, std::uint64_t degree) {
  if (tokens[0] >= factorials[degree] || tokens[1] >= factorials[degree]) return {};
  const Permutation x = permutation_of(tokens[0], degree), y = permutation_of(tokens[1], degree);
  Permutation result{};
  for (std::size_t i = 0; i < degree; ++i) result[i] = x[y[i]];
  return rank_of(result, degree);
}

} // namespace

const Labels symmetric_group_labels{
    .name = "symmetric-group",
    .in_words = "the product of two permutations of {} things, by their ranks",
    .formula =
        "the rank in lexicographic order of i -> x(y(i)), where x and y are the permutations of ranks a_0 and a_1",
    .undefined = "has a token that is no rank of a permutation (they are below degree!)",
    .example = "symmetric-group:3",
    .of_example = {1, 2},
    .parameter = {"degree", 1, most},
    .least_tokens = 2,
    .most_tokens = 2,
    .of = product,
    .most = [](std::span<const Token> largest, std::uint64_t degree) -> std::optional<std::uint64_t> {
      if (!product(largest, degree)) return {};
      return factorials[degree] - 1;
    },
};

} // namespace proofmark
