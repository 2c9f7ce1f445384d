// Numbers as text: the two grammars of schema/FORMAT.md, read exactly, and bounds printed rounded outward.
#pragma once

#include "interval.hpp"

#include <gmpxx.h>

#include <string>
#include <string_view>

namespace verifier {

// A claimed bound, (0|[1-9][0-9]{0,19})(\.[0-9]{1,60})?, as the rational number that it spells.
mpq_class parse_decimal(std::string_view text, const std::string& pointer);

// An interval end, 0x0p+0 or 0x1(\.[0-9a-f]{1,32})?p[+-](0|[1-9][0-9]{0,4}) with |exponent| <= 16383,
// exactly.
mpq_class parse_hexadecimal(std::string_view text, const std::string& pointer);

mpq_class times_power_of_two(const mpz_class&, long exponent);

enum class Round { down, up };

inline constexpr int bound_digits = 17; // significant ones, of every bound that is printed

inline constexpr long most_decimals = 400; // after the point

// A non-negative rational as a decimal, rounded in the given direction: at least `digits` significant ones, fewer where they
// need more than `most_decimals`, exact integers in full.
std::string decimal(const mpq_class& value, Round, int digits);
// The same for people: from 10^40 on as d.ddde+N, of `digits` significant ones.
std::string short_decimal(const mpq_class& value, Round, int digits);

// An end-point in the grammar of parse_hexadecimal, with a sign if it is negative and any exponent, exactly.
std::string hexadecimal(const Real& value);
std::string hexadecimal(const mpq_class& value); // its denominator is a power of two
// What `hexadecimal` wrote, exactly; fails with number-grammar, also for more than `precision` bits or an exponent beyond
// 2^24: with entries of tables up to 2^20, a margin of 6 of them and thus the logarithm of a loss stay below that.
Real parse_end(std::string_view text, const std::string& pointer);

} // namespace verifier
