// Combinations of tokens on sets of positions: which rows values have.
#include "rules/any/network.hpp"

#include <doctest/doctest.h>

namespace any = verifier::rules::any;

TEST_CASE("combinations of tokens: a row for each that occurs, in order; routes lead to the same tokens") {
  const std::vector<any::Tokens> tokens{{0, 0, 1, 1, 0}, {5, 6, 5, 5, 5}, {7, 7, 7, 8, 7}};
  any::Shared shared(tokens);
  CHECK(shared.of_inputs(0) == any::Tokens{0, 0, 0, 0, 0});
  CHECK(shared.of_inputs(1) == any::Tokens{0, 0, 1, 1, 0});
  CHECK(shared.of_inputs(0b011) == any::Tokens{0, 1, 2, 2, 0});
  CHECK(shared.of_inputs(0b111) == any::Tokens{0, 1, 2, 3, 0});
  CHECK(shared.of_inputs(0b101) == any::Tokens{0, 0, 1, 2, 0});
  CHECK(shared.count(0b111) == 4);
  CHECK(shared.tokens(1, 0b011) == any::Tokens{5, 6, 5});
  CHECK(shared.route(0b111, 0b001) == any::Tokens{0, 0, 1, 1});
  CHECK(shared.route(0b111, 0b101) == any::Tokens{0, 0, 1, 2});
  CHECK(shared.route(0b001, 0) == any::Tokens{0, 0});
}
