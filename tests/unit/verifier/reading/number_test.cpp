#include "reading/number.hpp"
#include "reading/reason.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace verifier;

namespace {

Reason reason_of(auto&& action) {
  try {
    action();
  } catch (const Failure& failure) {
    return failure.reason;
  }
  return reason::internal;
}

} // namespace

TEST_CASE("decimal grammar: what must pass is read exactly") {
  CHECK(parse_decimal("0", "") == 0);
  CHECK(parse_decimal("0.2342", "") == mpq_class(1171, 5000));
  CHECK(parse_decimal("12.50", "") == mpq_class(25, 2));
  CHECK(parse_decimal("99999999999999999999", "") == mpq_class("99999999999999999999"));
  CHECK(parse_decimal("-0.5", "") == mpq_class(-1, 2));
  CHECK(parse_decimal("-12.50", "") == mpq_class(-25, 2));
  CHECK(parse_decimal("0.000000000000000000000000000000000000000000000000000000000001", "") *
            mpq_class("1000000000000000000000000000000000000000000000000000000000000") ==
        1);
}

TEST_CASE("decimal grammar: what must fail") {
  for (const char* text : {"",
                           ".",
                           ".5",
                           "1.",
                           "01",
                           "00",
                           "-0",
                           "-0.0",
                           "-0.00000",
                           "--1",
                           "- 1",
                           "-",
                           "-.5",
                           "-01",
                           "+1",
                           " 1",
                           "1 ",
                           "1e3",
                           "1.0e0",
                           "0x1",
                           "nan",
                           "inf",
                           "1,5",
                           "1.5.2",
                           "100000000000000000000",
                           "0.0000000000000000000000000000000000000000000000000000000000001",
                           "1_000",
                           "\xd9\xa1"})
    CHECK_MESSAGE(reason_of([&] { parse_decimal(text, "/x"); }) == reason::number_grammar, text);
}

TEST_CASE("hexadecimal grammar: what must pass is read exactly") {
  CHECK(parse_hexadecimal("0x0p+0", "") == 0);
  CHECK(parse_hexadecimal("0x1p+0", "") == 1);
  CHECK(parse_hexadecimal("0x1.8p+3", "") == 12);
  CHECK(parse_hexadecimal("0x1.8p-1", "") == mpq_class(3, 4));
  CHECK(parse_hexadecimal("0x1.0p+1", "") == 2);
  CHECK(parse_hexadecimal("0x1p+16383", "") == mpq_class(mpz_class(1) << 16383));
  CHECK(parse_hexadecimal("0x1p-16383", "") * mpq_class(mpz_class(1) << 16383) == 1);
}

TEST_CASE("hexadecimal grammar: what must fail") {
  for (const char* text : {"",           "0",
                           "0x0p-0",     "0x0p+1",
                           "0x0.8p+0",   "0x2p+0",
                           "0x1p0",      "0x1p+",
                           "0x1.p+0",    "0x1.8",
                           "0x1.8P+3",   "0X1p+0",
                           "0x1.Fp+0",   "0x1p+16384",
                           "0x1p-16384", "0x1p+03",
                           "0x1p+99999", "0x1p+100000",
                           "-0x1p+0",    "+0x1p+0",
                           "0x1p+0 ",    " 0x1p+0",
                           "inf",        "nan",
                           "1@3",        "0x1.123456789abcdef0123456789abcdef01p+0",
                           "0x1p+1.0"})
    CHECK_MESSAGE(reason_of([&] { parse_hexadecimal(text, "/x"); }) == reason::number_grammar, text);
}

TEST_CASE("hexadecimal numbers with a sign: before the 1, and not of zero") {
  CHECK(parse_signed_hexadecimal("0x0p+0", "") == 0);
  CHECK(parse_signed_hexadecimal("0x1.8p+3", "") == 12);
  CHECK(parse_signed_hexadecimal("-0x1.8p+3", "") == -12);
  CHECK(parse_signed_hexadecimal("-0x1p-1", "") == mpq_class(-1, 2));
  for (const char* text : {"-0x0p+0", "-0", "--0x1p+0", "+0x1p+0", "- 0x1p+0", "0x-1p+0", "-", "-0x1p+16384", ""})
    CHECK_MESSAGE(reason_of([&] { parse_signed_hexadecimal(text, "/x"); }) == reason::number_grammar, text);
}

TEST_CASE("hexadecimal printing is exact and follows the grammar") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const mpz_class magnitude(std::to_string(random() >> (random() % 64)));
    const mpq_class x =
        times_power_of_two(random() % 2 ? magnitude : -magnitude, static_cast<long>(random() % 4000) - 2000);
    CHECK(parse_signed_hexadecimal(hexadecimal(x), "") == x);
  }
  CHECK(hexadecimal(0) == "0x0p+0");
  CHECK(hexadecimal(1) == "0x1p+0");
  CHECK(hexadecimal(-12) == "-0x1.8p+3");
  CHECK(hexadecimal(mpq_class(3, 1 << 20)) == "0x1.8p-19");
  CHECK(hexadecimal(mpq_class((mpz_class(1) << 300) + 1)) == "0x1." + std::string(74, '0') + "1p+300");
}

TEST_CASE("decimal printing rounds outward, by less than one unit of its last digit") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 2000; ++i) {
    mpq_class value(mpz_class(static_cast<unsigned long>(random() >> (random() % 64))),
                    mpz_class(static_cast<unsigned long>(random() >> (random() % 64)) | 1));
    value.canonicalize();
    if (i % 2 != 0) value = -value;
    const std::string down = decimal(value, Round::down, bound_digits), up = decimal(value, Round::up, bound_digits);
    const auto read = [](const std::string& text) {
      const std::size_t point = text.find('.');
      if (point == std::string::npos) return mpq_class(text);
      mpz_class ten;
      mpz_ui_pow_ui(ten.get_mpz_t(), 10, text.size() - point - 1);
      mpq_class q(mpz_class(text.substr(0, point) + text.substr(point + 1), 10), ten);
      q.canonicalize();
      return q;
    };
    CHECK(read(down) <= value);
    CHECK(value <= read(up));
    const bool narrow = (read(up) - read(down)) * mpq_class("10000000000000000") <= abs(value);
    CHECK(narrow);
  }
  CHECK(decimal(mpq_class(1, 3), Round::down, 3).starts_with("0.333"));
  CHECK(decimal(mpq_class(1, 3), Round::up, 3).ends_with("4"));
  CHECK(decimal(mpq_class(0), Round::up, 17) == "0");
  CHECK(decimal(mpq_class(-1, 3), Round::up, 3).starts_with("-0.333"));
  CHECK(decimal(mpq_class(-1, 3), Round::down, 3).ends_with("4"));
  CHECK(decimal(mpq_class(-5), Round::down, 3).starts_with("-5"));
}

TEST_CASE("decimals of very small and very large numbers are short, and still rounded outward") {
  const mpq_class tiny = 1 / mpq_class(mpz_class(1) << 9'000'000);
  const std::string zeros(static_cast<std::size_t>(most_decimals) - 1, '0');
  CHECK(decimal(tiny, Round::down, bound_digits) == "0." + zeros + "0");
  CHECK(decimal(tiny, Round::up, bound_digits) == "0." + zeros + "1");
  mpz_class large;
  mpz_ui_pow_ui(large.get_mpz_t(), 10, 4000);
  CHECK(short_decimal(large - 1, Round::down, 3) == "9.99e+3999");
  CHECK(short_decimal(large - 1, Round::up, 3) == "1.000e+4000");
  CHECK(short_decimal(1 - large, Round::up, 3) == "-9.99e+3999");
  CHECK(short_decimal(1 - large, Round::down, 3) == "-1.000e+4000");
  CHECK(short_decimal(mpq_class(-5, 2), Round::up, 3) == decimal(mpq_class(-5, 2), Round::up, 3));
  CHECK(decimal(-tiny, Round::up, bound_digits) == "0." + zeros + "0");
  CHECK(decimal(-tiny, Round::down, bound_digits) == "-0." + zeros + "1");
  CHECK(short_decimal(-tiny, Round::up, bound_digits) == "0." + zeros + "0");
  CHECK(short_decimal(mpq_class(5, 2), Round::up, 3) == decimal(mpq_class(5, 2), Round::up, 3));
}
