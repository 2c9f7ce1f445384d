// How many inputs there are of a kind, and the ranges of steps.

#include "proofs/steps.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

using namespace proofmark;

namespace {

using Tokens = std::vector<std::uint64_t>;

} // namespace

TEST_CASE("sizes of the input space") {
  CHECK(inputs_in({3, 10}, {2, 5}) == 125 - 8);
  CHECK(inputs_with_label({64, 2}, 1) == power(2, 64) - 1);
  CHECK(sorted_inputs_with_label({3, 10}, 4) == 15);
  CHECK(binomial(5, 0) == 1);
  CHECK(binomial(4, 2) == 6);
}

TEST_CASE("orderings of a sorted input are counted by walking all inputs") {
  for (std::uint64_t n = 1; n <= 5; ++n) {
    std::map<Tokens, std::uint64_t> seen;
    Tokens input(n, 0);
    const std::uint64_t V = 4;
    for (std::uint64_t i = 0; i < power(V, n).convert_to<std::uint64_t>(); ++i) {
      std::uint64_t rest = i;
      for (std::uint64_t& token : input) token = rest % V, rest /= V;
      Tokens sorted = input;
      std::sort(sorted.begin(), sorted.end());
      ++seen[sorted];
    }
    for (const auto& [sorted, count] : seen) CHECK(orderings(sorted) == count);
  }
  CHECK(orderings(Tokens(64, 3)) == 1);
  Tokens halves(64, 0);
  std::fill_n(halves.begin(), 32, 1);
  CHECK(orderings(halves) == binomial(64, 32));
}

TEST_CASE("ranges cover the labels once, as equal as can be") {
  for (std::uint64_t V = 1; V <= 20; ++V)
    for (std::uint64_t steps = 1; steps <= V; ++steps) {
      const auto ranges = equal_ranges(V, steps);
      CHECK(ranges.size() == steps);
      CHECK(ranges.front().from == 0);
      CHECK(ranges.back().to == V);
      for (std::size_t i = 0; i < ranges.size(); ++i) {
        CHECK(ranges[i].to - ranges[i].from >= V / steps);
        CHECK(ranges[i].to - ranges[i].from <= V / steps + 1);
        if (i > 0) CHECK(ranges[i].from == ranges[i - 1].to);
      }
    }
}
