// Engine against engine, from the same exact numbers: the reference's enclosure of every entry lies in the fast one.
#include "expressions.hpp"

#include <doctest/doctest.h>

using namespace verifier::kernel;

TEST_CASE("the reference's enclosures lie in the fast engine's") {
  Random random(7);
  for (int round = 0; round < 200; ++round) {
    const Draws d(random, round);
    Budget budget(UINT64_MAX);
    Meter one(budget), other(budget);
    Kernel f{fast(), one}, r{reference(), other};
    const auto a = expressions(f, d), b = expressions(r, d);
    for (std::size_t e = 0; e < a.size(); ++e) {
      REQUIRE(a[e].shape() == b[e].shape());
      for (std::size_t i = 0; i < a[e].rows(); ++i)
        for (std::size_t j = 0; j < a[e].columns(); ++j) {
          Total s, t;
          s.add(entry(a[e], i, j)), t.add(entry(b[e], i, j));
          INFO("round ", round, ", expression ", e, ", entry ", i, ", ", j);
          REQUIRE(s.lower - 1 <= t.lower);
          REQUIRE(t.upper <= s.upper + 1);
          if (e >= sets) REQUIRE(s.upper - s.lower < (Integer(1) << 30)); // 1e-9
        }
    }
    CHECK(one.performed() == other.performed());
  }
}
