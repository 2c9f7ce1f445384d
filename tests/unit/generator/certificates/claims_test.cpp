#include "certificates/claims.hpp"
#include "numbers/outward.hpp"
#include "support/error.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace proofmark;

namespace {

Step step(std::uint64_t from, std::uint64_t to, Dyadic lo, Dyadic hi, const std::optional<Integer>& correct) {
  Step result{"symmetry@1", {StepRange::Of::labels, from, to}, SumOfLosses{exact(lo), exact(hi)}, {}, {}, {}};
  if (correct) result.correct = {*correct, *correct + 2};
  return result;
}

} // namespace

TEST_CASE("what steps support is their exact sum") {
  const Supported s = supported(9, {step(0, 1, {1, -2}, {1, -1}, 1), step(1, 3, {1, 0}, {3, 0}, 4)});
  CHECK(s.loss_lower == Rational(5, 36));
  CHECK(s.loss_upper == Rational(7, 18));
  CHECK(s.accuracy_lower == Rational(5, 9));
  CHECK(s.accuracy_upper == 1);
  CHECK_FALSE(s.margin);
  CHECK_FALSE(supported(9, {step(0, 3, {}, {1, 0}, {})}).accuracy_lower);
}

TEST_CASE("the margin of a proof is the least of its steps', and what steps leave out is not supported") {
  constexpr auto labels = StepRange::Of::labels;
  Step first{"symmetry@1", {labels, 0, 1}, {}, {}, exact(Dyadic{-3, -1}), {}},
      second{"symmetry@1", {labels, 1, 3}, {}, {}, exact(Dyadic{1, 5}), {}};
  const Supported s = supported(9, {first, second});
  CHECK(s.margin == Rational(-3, 2));
  CHECK_FALSE(s.loss_upper);
  CHECK_FALSE(s.loss_lower);
  CHECK_FALSE(s.accuracy_upper);
  const std::vector<Claim> claims = best_claims(s);
  REQUIRE(claims.size() == 1);
  CHECK((claims[0].quantity == Quantity::margin && claims[0].bound == "-1.5"));
  CHECK_NOTHROW(require_supported(parse_bound("margin:lower:-1.5"), s, 1));
  CHECK_THROWS_AS(require_supported(parse_bound("margin:lower:-1.4999999"), s, 1), Error);
  CHECK_THROWS_AS(require_supported(parse_bound("0.5"), s, 1), Error);
}

TEST_CASE("a length counts the claim that is made of it") {
  Certificate c;
  c.tables = 1000;
  for (int i = 0; i < 3; ++i) c.steps.push_back(step(0, 1, {}, {1, 0}, 1));
  for (Step& s : c.steps) s.operations = 10;
  c.claims = best_claims(supported(3, c.steps));
  const Claim claim = claim_of_length(c);
  c.claims.push_back(claim);
  CHECK((claim.quantity == Quantity::length && claim.direction == Side::upper));
  CHECK(c.claims.size() == 4);
  CHECK(claim.bound == std::to_string(1000 + 30 + 2 * 4 * 3 + 2 * 4));
  CHECK_NOTHROW(require_supported(claim, supported(3, c.steps), length(c)));
  CHECK_THROWS_AS(require_supported(parse_bound("length:upper:1061"), supported(3, c.steps), length(c)), Error);
}

TEST_CASE("the best claims are never stronger than the steps, and hardly weaker") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t V = 2 + random() % 100, n = 1 + random() % 20;
    const auto significand = static_cast<std::int64_t>(random() >> 12) + 1;
    const auto exponent = static_cast<std::int64_t>(random() % 200) - 150;
    const Supported s =
        supported(power(V, n), {step(0, V, {significand, exponent}, {significand + 1, exponent}, random() % V)});
    const std::vector<Claim> claims = best_claims(s);
    for (const Claim& claim : claims) {
      const Rational bound = parse_decimal(claim.bound).value();
      CHECK_NOTHROW(require_supported(claim, s, 1));
      if (claim.quantity == Quantity::accuracy)
        CHECK((claim.direction == Side::lower ? bound <= *s.accuracy_lower : bound >= *s.accuracy_upper));
      else if (claim.direction == Side::upper) {
        CHECK(bound >= *s.loss_upper);
        CHECK(bound <= *s.loss_upper * Rational(power(10, 12) + 1, power(10, 12)) + Rational(1, power(10, 59)));
      } else
        CHECK(bound <= *s.loss_lower);
    }
  }
}

TEST_CASE("a bound one unit too strong is refused and says what is supported") {
  const Supported s{Rational(1, 3), Rational(1, 2), Rational(2, 3), Rational(3, 4), Rational(-1, 3)};
  CHECK_NOTHROW(require_supported(parse_bound("0.5"), s, 1));
  CHECK_NOTHROW(require_supported(parse_bound("accuracy:upper:0.75"), s, 1));
  CHECK_THROWS_AS(require_supported(parse_bound("accuracy:upper:0.7499999999999"), s, 1), Error);
  CHECK_NOTHROW(require_supported(parse_bound("margin:lower:-0.3333333333333333333333333333334"), s, 1));
  CHECK_THROWS_AS(require_supported(parse_bound("margin:lower:-0.3333333333333333333333333333333"), s, 1), Error);
  CHECK_THROWS_AS(require_supported(parse_bound("0.49999999999999999999"), s, 1), Error);
  CHECK_NOTHROW(require_supported(parse_bound("cross-entropy:lower:0.33333333333333333333"), s, 1));
  CHECK_THROWS_AS(require_supported(parse_bound("cross-entropy:lower:0.33333333333333333334"), s, 1), Error);
  CHECK_NOTHROW(require_supported(parse_bound("accuracy:lower:0.666"), s, 1));
  try {
    require_supported(parse_bound("accuracy:lower:0.6667"), s, 1);
    FAIL("not refused");
  } catch (const Error& error) {
    CHECK(error.exit == Exit::data);
    CHECK(std::string(error.what()).find("0.666666666666666") != std::string::npos);
  }
}

TEST_CASE("what says nothing is not claimed") {
  const Supported s{Rational(1, 3), Rational(1, 2), Rational(2, 3), Rational(1), {}};
  CHECK(best_claims(s).size() == 3); // no accuracy of at most 1
  const auto upper_only = best_claims({Rational(0), Rational(1, 2), {}, {}, {}}, false);
  REQUIRE(upper_only.size() == 1);
  CHECK(upper_only[0].direction == Side::upper);
}

TEST_CASE("quantities by name") {
  const auto named = [](const std::vector<std::string>& names) { return quantities_named(names); };
  CHECK(named({}) == Quantities());
  CHECK(named({"accuracy", "all"}) == Quantities());
  CHECK(named({"accuracy"}) == Quantities{false, true, false, false});
  CHECK(named({"length", "cross-entropy"}) == Quantities{true, false, false, true});
  CHECK(text(named({"margin", "accuracy"})) == "accuracy,margin");
  CHECK(text(Quantities()) == "all");
  CHECK(named({"margin"}).has(Quantity::margin));
  CHECK_FALSE(named({"margin"}).has(Quantity::length));
  CHECK(quantity_names() == std::vector<std::string>{"all", "cross-entropy", "accuracy", "margin", "length"});
}

TEST_CASE("a bound that guessing uniformly achieves is vacuous") {
  CHECK(vacuous(parse_bound("7.62461898616"), 2048)); // ln 2048 = 7.624618986159398...
  CHECK_FALSE(vacuous(parse_bound("7.62461898615"), 2048));
  CHECK(vacuous(parse_bound("99999999999999999999"), 2));
  CHECK_FALSE(vacuous(parse_bound("0"), 2));
  CHECK_FALSE(vacuous(parse_bound("0"), 1)); // ln 1 = 0: there is nothing to guess
  CHECK_FALSE(vacuous(parse_bound("cross-entropy:lower:9"), 2));
  CHECK_FALSE(vacuous(parse_bound("accuracy:lower:1"), 2));
}

TEST_CASE("bounds on the command line") {
  CHECK(parse_bound("0.25").direction == Side::upper);
  CHECK(parse_bound("cross-entropy:upper:1").bound == "1");
  CHECK(parse_bound("cross-entropy:lower:0.2").direction == Side::lower);
  CHECK(parse_bound("accuracy:lower:1").quantity == Quantity::accuracy);
  CHECK(parse_bound("accuracy:upper:0.97").direction == Side::upper);
  CHECK(parse_bound("margin:lower:-1.5").bound == "-1.5");
  CHECK(parse_bound("length:upper:12000").quantity == Quantity::length);
  for (const char* const wrong :
       {"", "x", "1e-3", "-1", "0.5:upper", "accuracy:upper:1.5", "accuracy:lower:1.01", "accuracy:lower:-0.5",
        "margin:upper:1", "margin:lower:-0", "length:lower:5", "length:upper:5.0", "length:upper:-5", "loss:0.5",
        "accuracy:0.5", ":0.5", "cross-entropy:upper:", "cross-entropy:lower:-1"})
    CHECK_THROWS_AS_MESSAGE(parse_bound(wrong), Error, wrong);
}

TEST_CASE("bounds that the decimal grammar cannot say") {
  const Supported s{Rational(power(10, 30)), Rational(power(10, 31)), {}, {}, {}};
  const std::vector<Claim> claims = best_claims(s);
  REQUIRE(claims.size() == 1);
  CHECK(claims[0].direction == Side::lower);
  CHECK(claims[0].bound == "99999999999999999999");
}
