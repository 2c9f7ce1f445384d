#include "tasks/labels.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace verifier {
namespace {

using Tokens = LabelFunction::Tokens;
using Number = std::uint64_t;

// max, min: the largest, the smallest token.
std::optional<Number> largest(Tokens a, Number) {
  return std::ranges::max(a);
}
std::optional<Number> smallest(Tokens a, Number) {
  return std::ranges::min(a);
}
Number most_largest(Tokens b, Number) {
  return std::ranges::max(b);
}
Number most_smallest(Tokens b, Number) {
  return std::ranges::min(b);
}

// sum-modulo: the sum of the tokens, modulo a number. At most 64 tokens below 2^32: no overflow.
std::optional<Number> sum_modulo(Tokens a, Number modulus) {
  return std::accumulate(a.begin(), a.end(), Number{0}) % modulus;
}
Number most_sum_modulo(Tokens b, Number modulus) {
  return std::min(modulus - 1, std::accumulate(b.begin(), b.end(), Number{0}));
}

// symmetric-group: two permutations of 0 .. degree-1, each its rank in lexicographic order; the label is the rank of x y, the
// permutation i -> x(y(i)).
Number factorial(Number degree) {
  return degree < 2 ? 1 : degree * factorial(degree - 1);
}
std::vector<Number> permutation(Number rank, Number degree) {
  std::vector<Number> left(degree), images;
  std::iota(left.begin(), left.end(), Number{0});
  for (Number remaining = degree; remaining > 0; --remaining) {
    const auto next = left.begin() + static_cast<std::ptrdiff_t>(rank / factorial(remaining - 1));
    rank %= factorial(remaining - 1);
    images.push_back(*next);
    left.erase(next);
  }
  return images;
}
Number rank_of(const std::vector<Number>& images) {
  Number rank = 0;
  for (std::size_t i = 0; i < images.size(); ++i) // how many smaller ones might have stood there
    rank += static_cast<Number>(std::count_if(images.begin() + static_cast<std::ptrdiff_t>(i), images.end(),
                                              [&](Number image) { return image < images[i]; })) *
            factorial(images.size() - 1 - i);
  return rank;
}
std::optional<Number> symmetric_group(Tokens a, Number degree) {
  const std::vector<Number> x = permutation(a[0], degree), y = permutation(a[1], degree);
  std::vector<Number> product;
  for (const Number image : y) product.push_back(x[image]);
  return rank_of(product);
}
Number most_of_group(Tokens, Number degree) {
  return factorial(degree) - 1;
}
Number permutations(std::size_t, Number degree) {
  return factorial(degree);
}

// balanced-brackets: 0 opens, 1 closes; 1 if no prefix closes more than it opens and all of it closes as many.
std::optional<Number> balanced_brackets(Tokens a, Number) {
  std::size_t open = 0;
  for (const Number token : a) {
    if (token == 1 && open == 0) return 0;
    token == 0 ? ++open : --open;
  }
  return open == 0 ? 1 : 0;
}
Number two(std::size_t, Number) {
  return 2;
}
Number one(Tokens, Number) {
  return 1;
}

// induction: the token after the first earlier occurrence of the last token; not defined where there is none.
std::optional<Number> induction(Tokens a, Number) {
  const auto earlier = a.first(a.size() - 1);
  const auto found = std::ranges::find(earlier, a.back());
  if (found == earlier.end()) return std::nullopt;
  return a[static_cast<std::size_t>(found - earlier.begin()) + 1];
}
Number most_after_the_first(Tokens b, Number) {
  return std::ranges::max(b.subspan(1));
}

// longest-cycle: of the map i -> a_i of the positions that are read, the length of the longest cycle, less one.
std::optional<Number> longest_cycle(Tokens a, Number) {
  Number longest = 0;
  for (std::size_t start = 0; start < a.size(); ++start) {
    std::size_t i = start;
    for (std::size_t steps = 0; steps < a.size(); ++steps) i = a[i]; // on a cycle now
    Number length = 1;
    for (std::size_t j = a[i]; j != i; j = a[j]) ++length;
    longest = std::max(longest, length);
  }
  return longest - 1;
}
Number as_many(std::size_t positions, Number) {
  return positions;
}
Number one_less(Tokens b, Number) {
  return b.size() - 1;
}

constexpr std::array functions = {
    LabelFunction{.name = "max", .words = "the largest", .of = largest, .at_most = most_largest},
    LabelFunction{.name = "min", .words = "the smallest", .of = smallest, .at_most = most_smallest},
    LabelFunction{.name = "sum-modulo",
                  .words = "the sum modulo",
                  .parameter = "modulus",
                  .most_parameter = limits::token_range,
                  .of = sum_modulo,
                  .at_most = most_sum_modulo},
    LabelFunction{.name = "symmetric-group",
                  .words = "the product of permutations, by their ranks, of degree",
                  .parameter = "degree",
                  .most_parameter = 7,
                  .least_positions = 2,
                  .most_positions = 2,
                  .tokens_below = permutations,
                  .of = symmetric_group,
                  .at_most = most_of_group},
    LabelFunction{.name = "balanced-brackets",
                  .words = "whether brackets balance (0 opens, 1 closes)",
                  .tokens_below = two,
                  .of = balanced_brackets,
                  .at_most = one},
    LabelFunction{.name = "induction",
                  .words = "the token after the first earlier occurrence of the last",
                  .least_positions = 2,
                  .of = induction,
                  .at_most = most_after_the_first},
    LabelFunction{.name = "longest-cycle",
                  .words = "one less than the length of the longest cycle",
                  .tokens_below = as_many,
                  .of = longest_cycle,
                  .at_most = one_less},
};

} // namespace

const LabelFunction* find_label_function(std::string_view name) {
  const auto* found = std::ranges::find(functions, name, &LabelFunction::name);
  return found == functions.end() ? nullptr : found;
}

std::string known_label_functions() {
  std::string names;
  for (const LabelFunction& function : functions) names += (names.empty() ? "" : ", ") + std::string(function.name);
  return names;
}

} // namespace verifier
