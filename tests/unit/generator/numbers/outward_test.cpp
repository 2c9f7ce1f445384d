// Numbers as text: exact where they claim to be, on the right side where they round.

#include "numbers/interval.hpp"
#include "numbers/outward.hpp"

#include <doctest/doctest.h>

#include <random>
#include <regex>

using namespace proofmark;

namespace {

// Reads the grammar of FORMAT.md, section 7, as an exact rational; independent of the writer.
Rational read_hexadecimal(const std::string& text) {
  static const std::regex grammar("0x0p\\+0|-?0x1(\\.([0-9a-f]{1,32}))?p([+-](0|[1-9][0-9]{0,4}))");
  std::smatch match;
  REQUIRE_MESSAGE(std::regex_match(text, match, grammar), text);
  if (text == "0x0p+0") return 0;
  Rational value = 1, unit = 1;
  for (const char digit : match[2].str()) value += (unit /= 16) * std::stoi(std::string(1, digit), nullptr, 16);
  const int exponent = std::stoi(match[3].str());
  const Rational scale(power(2, static_cast<std::uint64_t>(std::abs(exponent))));
  if (text.starts_with('-')) value = -value;
  return exponent < 0 ? Rational(value / scale) : Rational(value * scale);
}

bool decimal_grammar(const std::string& text) {
  return std::regex_match(text, std::regex("(0|[1-9][0-9]{0,19})(\\.[0-9]{1,60})?"));
}

} // namespace

TEST_CASE("hexadecimal numbers are exact") {
  CHECK(hexadecimal(Dyadic{0, 0}) == "0x0p+0");
  CHECK(hexadecimal(Dyadic{1, 0}) == "0x1p+0");
  CHECK(hexadecimal(Rational(-((Integer(1) << 100) + 1), Integer(1) << 60)) == "-0x1.0000000000000000000000001p+40");
  CHECK_THROWS_AS(hexadecimal(Rational(1, 3)), std::logic_error);
  CHECK(hexadecimal(Dyadic{3, 2}) == "0x1.8p+3");
  CHECK(hexadecimal(Dyadic{0x1fffffffffffff, -52}) == "0x1.fffffffffffffp+0");
  std::mt19937_64 random(1);
  for (int i = 0; i < 5000; ++i) {
    const auto magnitude = static_cast<std::int64_t>(random() >> (11 + random() % 53));
    const Dyadic x{i % 2 == 0 ? magnitude : -magnitude, static_cast<std::int64_t>(random() % 4000) - 2000};
    CHECK(read_hexadecimal(hexadecimal(x)) == exact(x));
  }
}

TEST_CASE("ends of enclosures round outward to 53 bits") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 5000; ++i) {
    const Rational x(Integer(random()) * Integer(random()), Integer(random() | 1));
    const Interval enclosed = enclose(Integer(numerator(x))) / enclose(Integer(denominator(x)));
    CHECK(exact(lower_end(enclosed)) <= x);
    CHECK(exact(upper_end(enclosed)) >= x);
    CHECK(exact(upper_end(enclosed)) - exact(lower_end(enclosed)) <= x / Rational(power(2, 51)));
    CHECK(lower_end(enclosed).significand < (std::int64_t{1} << 53));
  }
}

TEST_CASE("ends outside the range of doubles stay sound") {
  const Interval huge = enclose(Integer(3), 5000), small = enclose(Integer(3), -5000);
  CHECK(exact(lower_end(huge)) == Rational(Integer(3) << 5000));
  CHECK(hexadecimal(upper_end(huge)) == "0x1.8p+5001");
  CHECK(hexadecimal(lower_end(small)) == "0x0p+0");
  CHECK(hexadecimal(upper_end(small)) == "0x1p-1022");
  CHECK(hexadecimal(lower_end(enclose(-1.0))) == "0x0p+0");
  CHECK(hexadecimal(upper_end(enclose(0.0))) == "0x0p+0");
}

TEST_CASE("decimals are nearest on their side") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 5000; ++i) {
    const Rational x(Integer(random() >> random() % 60), (Integer(random() >> random() % 60) << (random() % 150)) + 1);
    const auto down = decimal(x, Direction::down), up = decimal(x, Direction::up);
    if (!up) continue;
    REQUIRE(decimal_grammar(*down));
    REQUIRE(decimal_grammar(*up));
    const Rational low = parse_decimal(*down).value(), high = parse_decimal(*up).value();
    CHECK(low <= x);
    CHECK(x <= high);
    // 15 significant digits, or 60 after the point
    CHECK(high - low <= std::max(Rational(x / Rational(power(10, 14))), Rational(1, power(10, 60))));
  }
}

TEST_CASE("doubles are dyadic exactly, whatever their sign and size") {
  for (const double x : {0.0, 1.0, -1.0, -0.1, 3e300, -0x1p-1074, 0x1.fffffffffffffp+1023}) {
    CHECK(exact(dyadic(x)) == Rational(x));
    CHECK(parse_hexadecimal(hexadecimal(dyadic(x))) == Rational(x));
  }
  CHECK(hexadecimal(dyadic(-0.0)) == "0x0p+0");
}

TEST_CASE("decimals below 0 are nearest on their side, too") {
  CHECK(decimal(Rational(-2, 3), Direction::down, 3) == "-0.667");
  CHECK(decimal(Rational(-2, 3), Direction::up, 3) == "-0.666");
  CHECK(decimal(Rational(-1, power(10, 70)), Direction::up) == "0"); // and not -0
  CHECK(decimal(Rational(-1, power(10, 70)), Direction::down) == "-0." + std::string(59, '0') + "1");
  CHECK(fixed_decimal(Rational(-1, 3), Direction::down, 2) == "-0.34");
  CHECK(fixed_decimal(Rational(-1, 3), Direction::up, 0) == "0");
}

TEST_CASE("decimals at the edges") {
  CHECK(decimal(0, Direction::up) == "0");
  CHECK(decimal(1, Direction::down) == "1");
  CHECK(decimal(Rational(1, 4), Direction::up) == "0.25");
  CHECK(decimal(Rational(2, 3), Direction::down, 3) == "0.666");
  CHECK(decimal(Rational(2, 3), Direction::up, 3) == "0.667");
  CHECK(decimal(Rational(9999, 10000), Direction::up, 3) == "1");
  CHECK(decimal(Rational(1, power(10, 70)), Direction::down) == "0");
  CHECK(decimal(Rational(1, power(10, 70)), Direction::up) == "0." + std::string(59, '0') + "1");
  CHECK(decimal(Rational(power(10, 20) - 1), Direction::up) == "99999999999999999999");
  CHECK_FALSE(decimal(Rational(power(10, 20)), Direction::down));
}

TEST_CASE("only the grammar is read") {
  CHECK(parse_decimal("0.10") == Rational(1, 10));
  CHECK(parse_decimal("0.010") == Rational(1, 100));
  CHECK(parse_decimal("10") == Rational(10));
  CHECK(parse_decimal("0") == Rational(0));
  CHECK(parse_decimal("0.08") == Rational(8, 100));
  CHECK(parse_decimal("-1.50") == Rational(-3, 2));
  for (const char* const wrong :
       {"",    ".",  "1.",  ".5",  "01", "-0", "-0.0",  "--1", "-",   "-.5",
        "-01", "+1", "1e3", "0x1", " 1", "1 ", "1.2.3", "1,5", "nan", "100000000000000000000"})
    CHECK_FALSE_MESSAGE(parse_decimal(wrong), wrong);
  CHECK(parse_decimal("0." + std::string(60, '1')));
  CHECK_FALSE(parse_decimal("0." + std::string(61, '1')));
}

TEST_CASE("numbers in tables: fixed places, three digits, all digits") {
  CHECK(fixed_decimal(Rational(1, 3), Direction::down, 3) == "0.333");
  CHECK(fixed_decimal(Rational(1, 3), Direction::up, 3) == "0.334");
  CHECK(fixed_decimal(Rational(2), Direction::up, 2) == "2.00");
  CHECK(fixed_decimal(Rational(5, 2), Direction::up, 0) == "3");
  CHECK(fixed_decimal(Rational(0), Direction::up, 2) == "0.00");
  CHECK(scientific(Rational(0), Direction::up) == "0");
  CHECK(scientific(Rational(1), Direction::up) == "1.00e+00");
  CHECK(scientific(Rational(1, 3), Direction::up) == "3.34e-01");
  CHECK(scientific(Rational(1, 3), Direction::down) == "3.33e-01");
  CHECK(scientific(Rational(9999, 10), Direction::up) == "1.00e+03");
  CHECK(scientific(Rational(Integer(1), power(10, 13)), Direction::up) == "1.00e-13");
  CHECK(exact_decimal(Rational(1, 8)) == "0.125");
  CHECK(exact_decimal(Rational(-3, 20)) == "-0.15");
  CHECK(exact_decimal(Rational(12)) == "12");
}

TEST_CASE("hexadecimal numbers are read exactly") {
  CHECK(parse_hexadecimal("0x0p+0") == Rational(0));
  CHECK(parse_hexadecimal("0x1.8p+3") == Rational(12));
  CHECK(parse_hexadecimal("0x1p-2") == Rational(1, 4));
  CHECK(parse_hexadecimal("-0x1.8p+0") == Rational(-3, 2));
  CHECK(parse_hexadecimal("0x1.000000000000001p+0") == 1 + Rational(Integer(1), power(2, 60)));
  for (const char* wrong : {"", "0x", "0xp+0", "1p+0", "0x1", "0x1p", "0x1.8.p+0", "0x1.8p+0 ", "--0x1p+0", "-0x0p+0",
                            "0x1p+999999999", "0x1P+0"})
    CHECK_FALSE(parse_hexadecimal(wrong));
  std::mt19937_64 random(3);
  for (int i = 0; i < 1000; ++i) {
    const Dyadic x{static_cast<std::int64_t>(random() >> 11), static_cast<std::int64_t>(random() % 400) - 200};
    CHECK(parse_hexadecimal(hexadecimal(x)) == exact(x));
  }
}

TEST_CASE("long decimals have no limit on their digits") {
  const std::string long_one = "0." + std::string(80, '0') + "1";
  CHECK_FALSE(parse_decimal(long_one));
  CHECK(parse_long_decimal(long_one) == Rational(Integer(1), power(10, 81)));
  CHECK_FALSE(parse_long_decimal("1."));
  CHECK_FALSE(parse_long_decimal("01"));
  CHECK(parse_long_decimal("-1") == Rational(-1));
}
