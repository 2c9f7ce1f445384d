#include "outward.hpp"

#include <algorithm>
#include <bit>
#include <cctype>

#include <fmt/format.h>

namespace proofmark {

namespace {

constexpr unsigned most_fraction_digits = 60;
constexpr unsigned most_integer_digits = 20;

Integer power_of_ten(unsigned exponent) {
  return power(10, exponent);
}

// floor or ceiling of numerator / denominator, both non-negative
Integer quotient(const Integer& numerator, const Integer& denominator, Direction direction) {
  const Integer floor = numerator / denominator;
  return direction == Direction::up && floor * denominator != numerator ? Integer(floor + 1) : floor;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::string hexadecimal(const Dyadic& x) {
  if (x.significand == 0) return "0x0p+0";
  const int top = 63 - std::countl_zero(x.significand);                // position of the leading 1
  std::uint64_t fraction = top == 0 ? 0 : x.significand << (64 - top); // the bits after it, from the left
  std::string digits;
  for (; fraction != 0; fraction <<= 4) digits += "0123456789abcdef"[fraction >> 60];
  return fmt::format("0x1{}{}p{:+d}", digits.empty() ? "" : ".", digits, x.exponent + top);
}

std::optional<std::string> decimal(const Rational& value, Direction direction, unsigned significant_digits) {
  const Integer top = numerator(value), bottom = denominator(value);
  // Digits after the point so that the number scaled by them has the digits wanted.
  unsigned places = 0;
  for (Integer scaled = top; places < most_fraction_digits && scaled < bottom * power_of_ten(significant_digits - 1);
       scaled *= 10)
    ++places;
  std::string digits = quotient(top * power_of_ten(places), bottom, direction).str();
  digits.insert(0, places + 1 > digits.size() ? places + 1 - digits.size() : 0, '0');
  std::string whole = digits.substr(0, digits.size() - places), fraction = digits.substr(digits.size() - places);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (whole.size() > most_integer_digits) return {};
  return fraction.empty() ? whole : whole + "." + fraction;
}

std::optional<Rational> parse_decimal(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == text.npos ? std::string_view() : text.substr(point + 1);
  if (!all_digits(whole) || whole.size() > most_integer_digits || (whole.size() > 1 && whole[0] == '0')) return {};
  if (point != text.npos && (!all_digits(fraction) || fraction.size() > most_fraction_digits)) return {};
  // Leading zeros are dropped because GMP would read them as an octal prefix.
  std::string digits = std::string(whole) + std::string(fraction);
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return Rational(Integer(digits), power_of_ten(static_cast<unsigned>(fraction.size())));
}

} // namespace proofmark
