// Enclosures of real numbers (MPFI through Boost.Multiprecision) and exact numbers (GMP).
//
// An Interval holds two MPFR numbers of at least 250 bits; every operation rounds its lower end down and its
// upper end up. Intervals are never compared with < or ==, which Boost refuses for overlapping ones: ask for
// the ends. Boost's own mpfr_float rounds to nearest and is used nowhere here.
#pragma once

#include <boost/multiprecision/gmp.hpp>
#include <boost/multiprecision/mpfi.hpp>

#include <cstdint>

namespace proofmark {

using Interval =
    boost::multiprecision::number<boost::multiprecision::mpfi_float_backend<75>, boost::multiprecision::et_off>;
using Integer = boost::multiprecision::number<boost::multiprecision::gmp_int, boost::multiprecision::et_off>;
using Rational = boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;

// significand * 2^exponent, exactly; the form in which a certificate declares the end of an enclosure. 0 is
// {0, 0}.
struct Dyadic {
  std::int64_t significand = 0; // below 2^53 in magnitude
  std::int64_t exponent = 0;
};

Rational exact(const Dyadic&);
Integer power(std::uint64_t base, std::uint64_t exponent);
Integer binomial(std::uint64_t n, std::uint64_t k);

Interval enclose(const Integer&);
Interval enclose(const Integer&, long exponent); // of value * 2^exponent
Interval enclose(double);                        // exact
Interval ln_2();
Interval log(const Interval&); // of an interval above 0
Interval exp(const Interval&);
Interval sqrt(const Interval&); // of an interval that is not below 0
Interval hull(const Interval&, const Interval&);
Interval widen(const Interval& x, const Interval& by); // [lower x - upper by, upper x + upper by]
Interval lower_point(const Interval&);                 // the lower end alone, exactly
Interval upper_point(const Interval&);                 // the upper end alone, exactly
Interval max(const Interval&, const Interval&);        // encloses the larger of the two numbers

bool certainly_less(const Interval&,
                    const Interval&); // every number of the first lies below every number of the second
bool certainly_positive(const Interval&);
bool finite(const Interval&);

// The nearest numbers of 53 bits below and above. The lower end is raised to 0 when it is negative (or too
// small for a double): only for quantities that are known not to be negative.
Dyadic lower_end(const Interval&);
Dyadic upper_end(const Interval&);

Dyadic dyadic(double); // exact, of a finite number

Integer floor_of_upper_end(const Interval&); // of a finite interval

double upper_double(const Interval&); // at least the upper end; may be infinite
double lower_double(const Interval&);

} // namespace proofmark
