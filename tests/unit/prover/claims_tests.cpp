#include "claims.hpp"
#include "error.hpp"
#include "outward.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace proofmark;

namespace {

Step step(std::uint64_t from, std::uint64_t to, Dyadic lo, Dyadic hi, const std::optional<Integer>& correct) {
  return {"symmetry@1", {from, to}, lo, hi, correct, {}};
}

} // namespace

TEST_CASE("what steps support is their exact sum") {
  const Supported s = supported({2, 3}, {step(0, 1, {1, -2}, {1, -1}, 1), step(1, 3, {1, 0}, {3, 0}, 4)});
  CHECK(s.loss_lower == Rational(5, 36));
  CHECK(s.loss_upper == Rational(7, 18));
  CHECK(s.accuracy_lower == Rational(5, 9));
  CHECK_FALSE(supported({2, 3}, {step(0, 3, {}, {1, 0}, {})}).accuracy_lower);
}

TEST_CASE("the best claims are never stronger than the steps, and hardly weaker") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t V = 2 + random() % 100, n = 1 + random() % 20;
    const std::uint64_t significand = (random() >> 12) + 1;
    const auto exponent = static_cast<std::int64_t>(random() % 200) - 150;
    const Supported s =
        supported({n, V}, {step(0, V, {significand, exponent}, {significand + 1, exponent}, random() % V)});
    const std::vector<Claim> claims = best_claims(s, {});
    for (const Claim& claim : claims) {
      const Rational bound = parse_decimal(claim.bound).value();
      CHECK_NOTHROW(require_supported(claim, s));
      if (claim.quantity == Quantity::accuracy)
        CHECK(bound <= *s.accuracy_lower);
      else if (claim.direction == Side::upper) {
        CHECK(bound >= s.loss_upper);
        CHECK(bound <= s.loss_upper * Rational(power(10, 12) + 1, power(10, 12)) + Rational(1, power(10, 59)));
      } else
        CHECK(bound <= s.loss_lower);
    }
  }
}

TEST_CASE("a bound one unit too strong is refused and says what is supported") {
  const Supported s{Rational(1, 3), Rational(1, 2), Rational(2, 3)};
  CHECK_NOTHROW(require_supported(parse_bound("0.5"), s));
  CHECK_THROWS_AS(require_supported(parse_bound("0.49999999999999999999"), s), Error);
  CHECK_NOTHROW(require_supported(parse_bound("cross-entropy:lower:0.33333333333333333333"), s));
  CHECK_THROWS_AS(require_supported(parse_bound("cross-entropy:lower:0.33333333333333333334"), s), Error);
  CHECK_NOTHROW(require_supported(parse_bound("accuracy:lower:0.666"), s));
  try {
    require_supported(parse_bound("accuracy:lower:0.6667"), s);
    FAIL("not refused");
  } catch (const Error& error) {
    CHECK(error.exit == Exit::data);
    CHECK(std::string(error.what()).find("0.666666666666666") != std::string::npos);
  }
}

TEST_CASE("only what is wanted is claimed") {
  const Supported s{Rational(1, 3), Rational(1, 2), Rational(2, 3)};
  CHECK(best_claims(s, {}).size() == 3);
  const auto upper_only = best_claims(s, {true, false, false});
  REQUIRE(upper_only.size() == 1);
  CHECK(upper_only[0].direction == Side::upper);
  CHECK(best_claims(s, {false, false, true})[0].quantity == Quantity::accuracy);
}

TEST_CASE("a bound that guessing uniformly achieves is vacuous") {
  CHECK(vacuous(parse_bound("7.62461898616"), {2, 2048})); // ln 2048 = 7.624618986159398...
  CHECK_FALSE(vacuous(parse_bound("7.62461898615"), {2, 2048}));
  CHECK(vacuous(parse_bound("99999999999999999999"), {2, 2}));
  CHECK_FALSE(vacuous(parse_bound("0"), {2, 2}));
  CHECK_FALSE(vacuous(parse_bound("0"), {2, 1})); // ln 1 = 0: there is nothing to guess
  CHECK_FALSE(vacuous(parse_bound("cross-entropy:lower:9"), {2, 2}));
  CHECK_FALSE(vacuous(parse_bound("accuracy:lower:1"), {2, 2}));
}

TEST_CASE("bounds on the command line") {
  CHECK(parse_bound("0.25").direction == Side::upper);
  CHECK(parse_bound("cross-entropy:upper:1").bound == "1");
  CHECK(parse_bound("cross-entropy:lower:0.2").direction == Side::lower);
  CHECK(parse_bound("accuracy:lower:1").quantity == Quantity::accuracy);
  for (const char* const wrong : {"", "x", "1e-3", "-1", "0.5:upper", "accuracy:upper:0.5", "accuracy:lower:1.01",
                                  "loss:0.5", "accuracy:0.5", ":0.5", "cross-entropy:upper:"})
    CHECK_THROWS_AS_MESSAGE(parse_bound(wrong), Error, wrong);
}

TEST_CASE("bounds that the decimal grammar cannot say") {
  const Supported s{Rational(power(10, 30)), Rational(power(10, 31)), {}};
  const std::vector<Claim> claims = best_claims(s, {});
  REQUIRE(claims.size() == 1);
  CHECK(claims[0].direction == Side::lower);
  CHECK(claims[0].bound == "99999999999999999999");
}
