#include "reading/number.hpp"

#include "kernel/integers.hpp"
#include "reading/reason.hpp"
#include "reading/text.hpp"

#include <algorithm>
#include <optional>

namespace verifier {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

// Takes the longest run of characters that satisfy `accept` from the front of `text`.
template <class Accept>
std::string_view take(std::string_view& text, Accept accept) {
  const auto end = std::find_if_not(text.begin(), text.end(), accept);
  const std::string_view run = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(run.size());
  return run;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_plain_integer(std::string_view digits, std::size_t longest) {
  return !digits.empty() && digits.size() <= longest && (digits.size() == 1 || digits.front() != '0');
}

mpz_class power_of_ten(std::size_t exponent) {
  return power(10u, exponent);
}

// 0x1(\.[0-9a-f]{1,32})?p[+-](0|[1-9][0-9]{0,4}) with an exponent of at most 16383 in absolute value, or nothing.
std::optional<mpq_class> positive_hexadecimal(std::string_view text) {
  if (!take_prefix(text, "0x1")) return std::nullopt;
  std::string_view fraction;
  if (take_prefix(text, ".")) {
    fraction = take(text, is_hex_digit);
    if (fraction.empty() || fraction.size() > 32) return std::nullopt;
  }
  const bool positive = take_prefix(text, "p+");
  if (!positive && !take_prefix(text, "p-")) return std::nullopt;
  const std::string_view exponent = take(text, is_digit);
  if (!text.empty() || !is_plain_integer(exponent, 5)) return std::nullopt;
  const long magnitude = std::stol(std::string(exponent));
  if (magnitude > 16383) return std::nullopt;
  return times_power_of_two(mpz_class("1" + std::string(fraction), 16),
                            (positive ? magnitude : -magnitude) - 4 * static_cast<long>(fraction.size()));
}

mpq_class hexadecimal_number(std::string_view text, bool with_sign, const std::string& pointer) {
  if (text == "0x0p+0") return 0;
  std::string_view magnitude = text;
  const bool negative = with_sign && take_prefix(magnitude, "-");
  const std::optional<mpq_class> number = positive_hexadecimal(magnitude);
  require(number.has_value(), reason::number_grammar, pointer,
          "0x0p+0 or a hexadecimal number such as " + std::string(with_sign ? "-" : "") +
              "0x1.8p+3, with an exponent of at most 16383",
          shown(text));
  return negative ? mpq_class(-*number) : *number;
}

} // namespace

mpq_class times_power_of_two(const mpz_class& integer, long exponent) {
  mpq_class value(integer);
  if (exponent >= 0)
    mpq_mul_2exp(value.get_mpq_t(), value.get_mpq_t(), static_cast<mp_bitcnt_t>(exponent));
  else
    mpq_div_2exp(value.get_mpq_t(), value.get_mpq_t(), static_cast<mp_bitcnt_t>(-exponent));
  return value;
}

mpq_class parse_decimal(std::string_view text, const std::string& pointer) {
  const auto require_grammar = [&, all = text](bool ok) {
    require(ok, reason::number_grammar, pointer,
            "a decimal such as 0.2342, with at most 20 digits before and 60 after the point", shown(all));
  };
  const bool negative = take_prefix(text, "-");
  const std::string_view whole = take(text, is_digit);
  require_grammar(is_plain_integer(whole, 20));
  std::string_view fraction;
  if (take_prefix(text, ".")) {
    fraction = take(text, is_digit);
    require_grammar(!fraction.empty() && fraction.size() <= 60);
  }
  require_grammar(text.empty());
  mpq_class value(mpz_class(std::string(whole) + std::string(fraction), 10), power_of_ten(fraction.size()));
  value.canonicalize();
  require_grammar(!negative || value != 0);
  return negative ? mpq_class(-value) : value;
}

Scientific parse_scientific(std::string_view text, const std::string& pointer) {
  const auto require_grammar = [&, all = text](bool ok) {
    require(ok, reason::number_grammar, pointer,
            "a number such as 1e-5 or 0.125: digits below 2^63 over a power of ten up to 10^18", shown(all));
  };
  const std::string_view whole = take(text, is_digit);
  require_grammar(is_plain_integer(whole, 18));
  std::string_view fraction, exponent;
  if (take_prefix(text, ".")) {
    fraction = take(text, is_digit);
    require_grammar(!fraction.empty() && fraction.size() <= 18);
  }
  bool is_negative = false;
  if (take_prefix(text, "e")) {
    is_negative = take_prefix(text, "-");
    exponent = take(text, is_digit);
    require_grammar(!exponent.empty() && exponent.size() <= 2);
  }
  require_grammar(text.empty());
  mpz_class digits(std::string(whole) + std::string(fraction), 10);
  const long power = exponent.empty() ? 0 : std::stol(std::string(exponent));
  long places = static_cast<long>(fraction.size()) + (is_negative ? power : -power);
  for (; places > 0 && digits % 10 == 0 && digits != 0; --places) digits /= 10;
  if (places < 0) digits *= power_of_ten(static_cast<std::size_t>(-places));
  places = digits == 0 ? 0 : std::max(places, 0L);
  require_grammar(places <= 18 && digits < mpz_class(1) << 63);
  return {in_64_bits(digits), static_cast<unsigned>(places)};
}

mpq_class parse_hexadecimal(std::string_view text, const std::string& pointer) {
  return hexadecimal_number(text, false, pointer);
}

mpq_class parse_signed_hexadecimal(std::string_view text, const std::string& pointer) {
  return hexadecimal_number(text, true, pointer);
}

std::string decimal(const mpq_class& value, Round round, int digits) {
  // Choose how many decimals give `digits` significant ones: 10^before <= |value| < 10^(before+1) up to one digit.
  const long bits = static_cast<long>(mpz_sizeinbase(value.get_num_mpz_t(), 2)) -
                    static_cast<long>(mpz_sizeinbase(value.get_den_mpz_t(), 2)); // |value| in [2^(bits-1), 2^(bits+1)]
  const long before = (bits - 1) * 30103 / 100000 - 1;
  const long decimals = value == 0 ? 0 : std::clamp(digits - before, 0L, most_decimals);
  const auto places = static_cast<std::size_t>(decimals);
  const mpz_class scaled = value.get_num() * power_of_ten(places);
  mpz_class quotient;
  if (round == Round::up)
    mpz_cdiv_q(quotient.get_mpz_t(), scaled.get_mpz_t(), value.get_den_mpz_t());
  else
    mpz_fdiv_q(quotient.get_mpz_t(), scaled.get_mpz_t(), value.get_den_mpz_t());
  std::string text = mpz_class(abs(quotient)).get_str();
  if (decimals > 0) {
    if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
    text.insert(text.size() - places, ".");
  }
  return (quotient < 0 ? "-" : "") + text;
}

std::string short_decimal(const mpq_class& value, Round round, int digits) {
  if (value < 0) {
    const std::string magnitude = short_decimal(-value, round == Round::up ? Round::down : Round::up, digits);
    return magnitude.find_first_not_of("0.") == std::string::npos ? magnitude : "-" + magnitude;
  }
  constexpr std::size_t longest = 40;
  const std::string whole = mpz_class(value).get_str(); // the integer part
  if (whole.size() <= longest) return decimal(value, round, digits);
  const auto kept = static_cast<std::size_t>(digits);
  mpz_class leading(whole.substr(0, kept), 10);
  if (round == Round::up) leading += 1;
  std::string text = leading.get_str();
  const std::size_t exponent = whole.size() - kept + text.size() - 1;
  return text.insert(1, ".") + "e+" + std::to_string(exponent);
}

std::string hexadecimal(const mpq_class& value) {
  if (value == 0) return "0x0p+0";
  mpz_class magnitude = abs(value.get_num());
  const auto bits = mpz_sizeinbase(magnitude.get_mpz_t(), 2);
  const auto fraction_digits = (bits - 1 + 3) / 4; // after the leading 1
  magnitude <<= fraction_digits * 4 - (bits - 1);
  const long exponent =
      static_cast<long>(bits) - static_cast<long>(mpz_sizeinbase(value.get_den_mpz_t(), 2)); // of the leading 1
  std::string digits = magnitude.get_str(16).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return std::string(value < 0 ? "-" : "") + "0x1" + (digits.empty() ? "" : "." + digits) + "p" +
         (exponent < 0 ? "-" : "+") + std::to_string(std::abs(exponent));
}

} // namespace verifier
