#include "number.hpp"

#include "reason.hpp"

#include <algorithm>

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

mpz_class power(unsigned long base, unsigned long exponent) {
  mpz_class result;
  mpz_ui_pow_ui(result.get_mpz_t(), base, exponent);
  return result;
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
    require(ok, Reason::number_grammar, pointer,
            "a decimal such as 0.2342, with at most 20 digits before and 60 after the point", shown(all));
  };
  const std::string_view whole = take(text, is_digit);
  require_grammar(is_plain_integer(whole, 20));
  std::string_view fraction;
  if (take_prefix(text, ".")) {
    fraction = take(text, is_digit);
    require_grammar(!fraction.empty() && fraction.size() <= 60);
  }
  require_grammar(text.empty());
  mpq_class value(mpz_class(std::string(whole) + std::string(fraction), 10), power(10, fraction.size()));
  value.canonicalize();
  return value;
}

mpq_class parse_hexadecimal(std::string_view text, const std::string& pointer) {
  constexpr long largest_exponent = 16383;
  if (text == "0x0p+0") return 0;
  const auto require_grammar = [&, all = text](bool ok) {
    require(ok, Reason::number_grammar, pointer,
            "0x0p+0 or a hexadecimal number such as 0x1.8p+3, with an exponent of at most 16383", shown(all));
  };
  require_grammar(take_prefix(text, "0x1"));
  std::string_view fraction;
  if (take_prefix(text, ".")) {
    fraction = take(text, is_hex_digit);
    require_grammar(!fraction.empty() && fraction.size() <= 32);
  }
  const bool positive = take_prefix(text, "p+");
  require_grammar(positive || take_prefix(text, "p-"));
  require_grammar(is_plain_integer(text, 5) && std::all_of(text.begin(), text.end(), is_digit));
  const long magnitude = std::stol(std::string(text));
  require_grammar(magnitude <= largest_exponent);
  const mpz_class significand("1" + std::string(fraction), 16);
  return times_power_of_two(significand, (positive ? magnitude : -magnitude) - 4 * static_cast<long>(fraction.size()));
}

std::string decimal(const mpq_class& value, Round round, int digits) {
  // Choose how many decimals give `digits` significant ones: 10^before <= value < 10^(before+1) up to one
  // digit.
  const long bits = static_cast<long>(mpz_sizeinbase(value.get_num_mpz_t(), 2)) -
                    static_cast<long>(mpz_sizeinbase(value.get_den_mpz_t(), 2)); // value in [2^(bits-1), 2^(bits+1)]
  const long before = (bits - 1) * 30103 / 100000 - 1;
  const long decimals = value == 0 ? 0 : std::max(0L, digits - before);
  const mpz_class scaled = value.get_num() * power(10, static_cast<unsigned long>(decimals));
  mpz_class quotient;
  if (round == Round::up)
    mpz_cdiv_q(quotient.get_mpz_t(), scaled.get_mpz_t(), value.get_den_mpz_t());
  else
    mpz_fdiv_q(quotient.get_mpz_t(), scaled.get_mpz_t(), value.get_den_mpz_t());
  std::string text = quotient.get_str();
  if (decimals == 0) return text;
  const auto places = static_cast<std::size_t>(decimals);
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  text.insert(text.size() - places, ".");
  return text;
}

std::string hexadecimal(const Real& value) {
  if (mpfr_zero_p(value.get())) return "0x0p+0";
  mpz_class significand;
  long exponent = mpfr_get_z_2exp(significand.get_mpz_t(), value.get());
  const auto bits = mpz_sizeinbase(significand.get_mpz_t(), 2);
  const auto fraction_digits = (bits - 1 + 3) / 4; // after the leading 1
  significand <<= fraction_digits * 4 - (bits - 1);
  exponent += static_cast<long>(bits - 1);
  std::string digits = significand.get_str(16).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return "0x1" + (digits.empty() ? "" : "." + digits) + "p" + (exponent < 0 ? "-" : "+") +
         std::to_string(std::abs(exponent));
}

} // namespace verifier
