// Numbers with directed rounding: MPFR with the direction in the name of every operation.
//
// There is no operation that rounds to nearest and no conversion from or to a floating-point type of the
// language.
#pragma once

#include <cstdint> // before mpfr.h, which declares its functions of intmax_t only then

#include <gmpxx.h>
#include <mpfr.h>

#include <string>

namespace verifier {

inline constexpr mpfr_prec_t precision = 64; // bits of every end-point

// One MPFR number, owned. Copying allocates; hot loops keep their Reals and assign into them.
class Real {
public:
  explicit Real(mpfr_prec_t bits = precision) {
    mpfr_init2(x_, bits);
    mpfr_set_zero(x_, +1);
  }
  Real(const Real& other) : Real(mpfr_get_prec(other.x_)) {
    mpfr_set(x_, other.x_, MPFR_RNDD);
  } // same precision: exact
  Real& operator=(const Real& other) {
    if (this != &other) {
      mpfr_set_prec(x_, mpfr_get_prec(other.x_));
      mpfr_set(x_, other.x_, MPFR_RNDD); // same precision: exact
    }
    return *this;
  }
  ~Real() { mpfr_clear(x_); }

  mpfr_ptr get() { return x_; }
  mpfr_srcptr get() const { return x_; }

private:
  mpfr_t x_;
};

// lo <= x <= hi for the real number x that it encloses. Every operation keeps this true: lo is rounded down,
// hi up.
struct Interval {
  Real lo, hi;
};

Interval exactly(std::uint64_t);
Interval enclose(const mpq_class& lo, const mpq_class& hi);

void add(Interval& x, const Interval& y);                               // x + y
void multiply_nonnegative(Interval& x, const Interval& y);              // x · y, both >= 0
void set_product(Interval& x, const Interval& y, const Interval& z);    // x = y · z, both >= 0
void set_product_from_above(Real& x, const Interval& y, const Real& z); // x >= y · z, y >= 0 and z of any sign
void set_reciprocal_from_above(Real& x, const Interval& y);             // x >= 1/y, y.lo > 0
void multiply_any(Interval& x, const mpz_class& k);                     // x · k for any x and k >= 0
Interval log(const Interval& x);                                        // ln x, x.lo > 0
Interval exp(const Interval& x);
void raise(Real& largest, const Real& x); // to x if that is larger; of one precision
void raise_lower_to_zero(Interval& x);    // for a quantity that is known to be >= 0

mpq_class exact(const Real&); // the number itself

// The largest exponent range, and clear flags: call first on every thread that computes.
void start_rounding_on_this_thread();
// False if anything since then was not a number, a division by zero, an overflow or an underflow. Call last.
bool rounding_was_clean_on_this_thread();

} // namespace verifier
