// Exact numbers as text, rounded in a stated direction: what a certificate and a message may print.
#pragma once

#include "numbers/interval.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace proofmark {

enum class Direction { down, up };

// "0x1.8p+3", as schema/FORMAT.md (section 7) spells it. Exact: a whole number times a power of two. Throws
// std::logic_error of others.
std::string hexadecimal(const Rational&);
std::string hexadecimal(const Dyadic&);

// The decimal nearest to a number on one side with so many significant digits (fewer where 60
// digits after the point do not reach them), without trailing zeros: "0.234158149042762". Grammar of
// schema/FORMAT.md, section 3; nothing where the number needs more than the 20 digits before the point that
// the grammar has.
std::optional<std::string> decimal(const Rational&, Direction, unsigned significant_digits = 15);

// The same with a fixed number of digits after the point, however many before it: for tables.
std::string fixed_decimal(const Rational&, Direction, unsigned places);

// "1.23e-13", three significant digits of a non-negative number: for tables.
std::string scientific(const Rational&, Direction);

// "4 194 304", for tables.
std::string grouped(const Integer&);

// All digits of a number that has finitely many: what sums and differences of decimals are. May be negative.
std::string exact_decimal(const Rational&);

// Reads the grammar of section 3 exactly, a minus sign included; nothing when the text does not follow it.
std::optional<Rational> parse_decimal(std::string_view);

// The same without the grammar's limits on the number of digits: what receipts and tables hold.
std::optional<Rational> parse_long_decimal(std::string_view);

// Reads "0x1.8p+3" or "-0x1.8p+3", exactly; nothing when the text does not follow that grammar.
std::optional<Rational> parse_hexadecimal(std::string_view);

} // namespace proofmark
