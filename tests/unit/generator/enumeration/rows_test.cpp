// Rows of sets of positions: counted by formula for products, one by one for lists, and the same.
#include "enumeration/rows.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace proofmark;
using enumeration::PositionSet;

TEST_CASE("rows of products, by formula, are those of the same inputs in a list") {
  std::mt19937_64 random(5);
  for (int trial = 0; trial < 60; ++trial) {
    Domain product{1 + random() % 5, {}};
    for (std::uint64_t p = 0; p < product.positions; ++p) {
      const std::uint64_t from = random() % 3;
      product.ranges.push_back({from, from + 1 + random() % 4});
    }
    const auto inputs = static_cast<std::uint64_t>(size_of(product));
    Domain list{product.positions, {}, std::vector<Token>(inputs * product.positions)};
    for (std::uint64_t i = 0; i < inputs; ++i)
      input_at(product, i, std::span(list.list).subspan(i * product.positions, product.positions));
    std::vector<PositionSet> sets;
    for (PositionSet on = 0; on < PositionSet{1} << product.positions; ++on) sets.push_back(on);
    for (int range = 0; range < 10; ++range) {
      const std::uint64_t from = random() % inputs, to = from + 1 + random() % (inputs - from);
      CAPTURE(text(product));
      CAPTURE(from);
      CAPTURE(to);
      CHECK(enumeration::rows(product, from, to, sets) == enumeration::rows(list, from, to, sets));
    }
  }
}

TEST_CASE("an input that a list has twice is one row") {
  const Domain list{2, {}, {1, 2, 1, 3, 1, 2}};
  CHECK(enumeration::rows(list, 0, 3, {0, 1, 2, 3}) == std::vector<std::uint64_t>{1, 1, 2, 2});
}
