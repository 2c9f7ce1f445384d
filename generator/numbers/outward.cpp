#include "numbers/outward.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

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

Direction opposite(Direction direction) {
  return direction == Direction::up ? Direction::down : Direction::up;
}

std::string negated(const std::string& decimal) {
  return decimal.find_first_not_of("0.") == decimal.npos ? decimal : "-" + decimal;
}

// What follows a minus sign, which neither a zero nor another sign does.
std::optional<Rational> negative(std::optional<Rational> (*parse)(std::string_view), std::string_view text) {
  const auto magnitude = text.substr(1).starts_with('-') ? std::nullopt : parse(text.substr(1));
  return magnitude && *magnitude != 0 ? std::optional<Rational>(-*magnitude) : std::nullopt;
}

} // namespace

std::string hexadecimal(const Rational& x) {
  if (x == 0) return "0x0p+0";
  const Integer magnitude = abs(numerator(x)), scale = denominator(x);
  const auto top = static_cast<long>(msb(magnitude)), down = static_cast<long>(msb(scale));
  if (scale != Integer(1) << static_cast<unsigned>(down)) throw std::logic_error("a number is not dyadic");
  const long places = (top + 3) / 4; // of the bits after the leading 1
  const Integer fraction = (magnitude - (Integer(1) << static_cast<unsigned>(top)))
                           << static_cast<unsigned>(4 * places - top);
  std::string digits = fraction == 0 ? "" : fraction.str(0, std::ios_base::hex);
  if (!digits.empty()) digits.insert(0, static_cast<std::size_t>(places) - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  return fmt::format("{}0x1{}{}p{:+d}", x < 0 ? "-" : "", digits.empty() ? "" : ".", digits, top - down);
}

std::string hexadecimal(const Dyadic& x) {
  return hexadecimal(exact(x));
}

std::optional<std::string> decimal(const Rational& value, Direction direction, unsigned significant_digits) {
  if (value < 0) {
    const auto magnitude = decimal(-value, opposite(direction), significant_digits);
    return magnitude ? std::optional(negated(*magnitude)) : std::nullopt;
  }
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

std::string fixed_decimal(const Rational& value, Direction direction, unsigned places) {
  if (value < 0) return negated(fixed_decimal(-value, opposite(direction), places));
  std::string digits = quotient(numerator(value) * power_of_ten(places), denominator(value), direction).str();
  digits.insert(0, places + 1 > digits.size() ? places + 1 - digits.size() : 0, '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return digits;
}

std::string scientific(const Rational& value, Direction direction) {
  if (value == 0) return "0";
  const auto ten_to = [](long exponent) {
    const Rational power = power_of_ten(static_cast<unsigned>(std::abs(exponent)));
    return exponent < 0 ? Rational(1 / power) : power;
  };
  long exponent = 0;
  while (value >= ten_to(exponent + 1)) ++exponent;
  while (value < ten_to(exponent)) --exponent;
  const Rational scaled = value * ten_to(2 - exponent);
  Integer digits = quotient(numerator(scaled), denominator(scaled), direction); // 100 .. 1000
  if (digits == 1000) digits = 100, ++exponent;
  const std::string text = digits.str();
  return fmt::format("{}.{}e{:+03d}", text.substr(0, 1), text.substr(1), exponent);
}

std::string grouped(const Integer& number) {
  std::string digits = number.str();
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ' ');
  return digits;
}

std::string exact_decimal(const Rational& value) {
  if (value < 0) return fmt::format("-{}", exact_decimal(-value));
  unsigned places = 0;
  for (Rational scaled = value; denominator(scaled) != 1; scaled *= 10) ++places;
  return fixed_decimal(value, Direction::down, places);
}

std::optional<Rational> parse_decimal(std::string_view text) {
  if (text.starts_with('-')) return negative(parse_decimal, text);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == text.npos ? std::string_view() : text.substr(point + 1);
  if (whole.size() > most_integer_digits || fraction.size() > most_fraction_digits) return {};
  return parse_long_decimal(text);
}

std::optional<Rational> parse_long_decimal(std::string_view text) {
  if (text.starts_with('-')) return negative(parse_long_decimal, text);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == text.npos ? std::string_view() : text.substr(point + 1);
  if (!all_digits(whole) || (whole.size() > 1 && whole[0] == '0')) return {};
  if (point != text.npos && !all_digits(fraction)) return {};
  // Leading zeros are dropped because GMP would read them as an octal prefix.
  std::string digits = std::string(whole) + std::string(fraction);
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return Rational(Integer(digits), power_of_ten(static_cast<unsigned>(fraction.size())));
}

std::optional<Rational> parse_hexadecimal(std::string_view text) {
  constexpr long largest_exponent = 100'000;
  if (text.starts_with('-')) return negative(parse_hexadecimal, text);
  if (!text.starts_with("0x")) return {};
  const std::size_t p = text.find('p');
  if (p == text.npos) return {};
  Integer significand;
  long exponent = 0;
  bool point = false, digits = false;
  for (const char c : text.substr(2, p - 2)) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return {};
    significand = significand * 16 + digit;
    digits = true;
    if (point) exponent -= 4;
  }
  std::string_view power_text = text.substr(p + 1);
  if (power_text.starts_with('+')) power_text.remove_prefix(1);
  long power = 0;
  const auto [end, error] = std::from_chars(power_text.data(), power_text.data() + power_text.size(), power);
  if (!digits || error != std::errc() || end != power_text.data() + power_text.size() ||
      std::abs(power) > largest_exponent)
    return {};
  exponent += power;
  const Integer scale = Integer(1) << static_cast<unsigned long>(std::abs(exponent));
  return exponent < 0 ? Rational(significand, scale) : Rational(significand * scale);
}

} // namespace proofmark
