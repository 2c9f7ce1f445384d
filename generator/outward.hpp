// Exact numbers as text, rounded in a stated direction: what a certificate and a message may print.
#pragma once

#include "interval.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace proofmark {

enum class Direction { down, up };

// "0x1.8p+3", as schema/FORMAT.md (section 7) spells it. Exact: rounding happened when the Dyadic was made.
std::string hexadecimal(const Dyadic&);

// The decimal nearest to a non-negative number on one side with so many significant digits (fewer where 60
// digits after the point do not reach them), without trailing zeros: "0.234158149042762". Grammar of
// schema/FORMAT.md, section 3; nothing where the number needs more than the 20 digits before the point that
// the grammar has.
std::optional<std::string> decimal(const Rational&, Direction, unsigned significant_digits = 15);

// Reads that grammar exactly; nothing when the text does not follow it.
std::optional<Rational> parse_decimal(std::string_view);

} // namespace proofmark
