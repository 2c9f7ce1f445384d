// Numbers as text: the two grammars of schema/FORMAT.md, read exactly, and bounds printed rounded outward.
#pragma once

#include <gmpxx.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace verifier {

// A claimed bound, -?(0|[1-9][0-9]{0,19})(\.[0-9]{1,60})?, as the rational number that it spells. Zero has no sign.
mpq_class parse_decimal(std::string_view text, const std::string& pointer);

// A number of a description, (0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?(e-?[0-9]{1,2})?, in lowest terms: digits / 10^places, with
// digits < 2^63 and places <= 18.
struct Scientific {
  std::uint64_t digits;
  unsigned places;
};
Scientific parse_scientific(std::string_view text, const std::string& pointer);

// An interval end, 0x0p+0 or 0x1(\.[0-9a-f]{1,32})?p[+-](0|[1-9][0-9]{0,4}) with |exponent| <= 16383, exactly.
mpq_class parse_hexadecimal(std::string_view text, const std::string& pointer);
// The same that may have a sign, before the 1.
mpq_class parse_signed_hexadecimal(std::string_view text, const std::string& pointer);

mpq_class times_power_of_two(const mpz_class&, long exponent); // exactly

enum class Round { down, up };

inline constexpr int bound_digits = 17; // significant ones, of every bound that is printed

inline constexpr long most_decimals = 400; // after the point

// A rational as a decimal, rounded in the given direction: at least `digits` significant ones, fewer where they need more
// than `most_decimals`, exact integers in full.
std::string decimal(const mpq_class& value, Round, int digits);
// The same for people: from 10^40 on as d.ddde+N, of `digits` significant ones.
std::string short_decimal(const mpq_class& value, Round, int digits);

// In the grammar of parse_signed_hexadecimal, with as many digits as it takes, exactly. The denominator is a power of two.
std::string hexadecimal(const mpq_class& value);

} // namespace verifier
