#include "numbers/interval.hpp"

#include <cmath>
#include <stdexcept>

namespace proofmark {

namespace {

mpfr_srcptr left(const Interval& x) {
  return x.backend().left_data();
}
mpfr_srcptr right(const Interval& x) {
  return x.backend().right_data();
}

// The 53-bit neighbour of a non-negative number in one direction. MPFR's exponents are far wider than a
// double's, so nothing underflows here; a lower end below the smallest normal double becomes 0 and an upper
// end is raised to it.
Dyadic rounded(mpfr_srcptr x, mpfr_rnd_t direction) {
  if (!mpfr_number_p(x)) throw std::range_error("the end of an enclosure is not a finite number");
  const bool up = direction == MPFR_RNDU;
  if (mpfr_sgn(x) <= 0 && !up) return {};
  if (mpfr_cmp_ui_2exp(x, 1, -1022) < 0) return up && mpfr_sgn(x) > 0 ? Dyadic{1, -1022} : Dyadic{};
  mpfr_t y;
  mpz_t digits;
  mpfr_init2(y, 53);
  mpz_init(digits);
  mpfr_set(y, x, direction);
  const mpfr_exp_t exponent = mpfr_get_z_2exp(digits, y);
  const Dyadic result{mpz_get_si(digits), exponent};
  mpz_clear(digits);
  mpfr_clear(y);
  return result;
}

} // namespace

Rational exact(const Dyadic& x) {
  const Integer scale = Integer(1) << static_cast<unsigned long>(x.exponent < 0 ? -x.exponent : x.exponent);
  return x.exponent < 0 ? Rational(Integer(x.significand), scale) : Rational(Integer(Integer(x.significand) * scale));
}

Integer power(std::uint64_t base, std::uint64_t exponent) {
  Integer result;
  mpz_ui_pow_ui(result.backend().data(), base, exponent);
  return result;
}

Integer binomial(std::uint64_t n, std::uint64_t k) {
  Integer result;
  mpz_bin_uiui(result.backend().data(), n, k);
  return result;
}

Interval enclose(const Integer& value) {
  return enclose(value, 0);
}

Interval enclose(const Integer& value, long exponent) {
  Interval result;
  mpfi_set_z(result.backend().data(), value.backend().data());
  mpfi_mul_2si(result.backend().data(), result.backend().data(), exponent);
  return result;
}

Interval enclose(double value) {
  Interval result;
  mpfi_set_d(result.backend().data(), value);
  return result;
}

Interval ln_2() {
  Interval result;
  mpfi_const_log2(result.backend().data());
  return result;
}

Interval log(const Interval& x) {
  Interval result;
  mpfi_log(result.backend().data(), x.backend().data());
  return result;
}

Interval exp(const Interval& x) {
  Interval result;
  mpfi_exp(result.backend().data(), x.backend().data());
  return result;
}

Interval sqrt(const Interval& x) {
  Interval result;
  mpfi_sqrt(result.backend().data(), x.backend().data());
  return result;
}

Interval hull(const Interval& x, const Interval& y) {
  Interval result;
  mpfi_union(result.backend().data(), x.backend().data(), y.backend().data());
  return result;
}

Interval widen(const Interval& x, const Interval& by) {
  const Interval most = upper_point(by);
  return hull(x - most, x + most);
}

Interval lower_point(const Interval& x) {
  Interval result;
  mpfi_set_fr(result.backend().data(), left(x)); // the same precision: exact
  return result;
}

Interval upper_point(const Interval& x) {
  Interval result;
  mpfi_set_fr(result.backend().data(), right(x));
  return result;
}

Interval max(const Interval& x, const Interval& y) {
  Interval result;
  mpfi_interv_fr(result.backend().data(), mpfr_greater_p(left(x), left(y)) ? left(x) : left(y),
                 mpfr_greater_p(right(x), right(y)) ? right(x) : right(y));
  return result;
}

bool certainly_less(const Interval& x, const Interval& y) {
  return mpfr_less_p(right(x), left(y)) != 0;
}

bool certainly_positive(const Interval& x) {
  return mpfr_number_p(left(x)) && mpfr_sgn(left(x)) > 0;
}

bool finite(const Interval& x) {
  return mpfr_number_p(left(x)) && mpfr_number_p(right(x));
}

Dyadic lower_end(const Interval& x) {
  return rounded(left(x), MPFR_RNDD);
}

Dyadic upper_end(const Interval& x) {
  return rounded(right(x), MPFR_RNDU);
}

Dyadic dyadic(double x) {
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent); // x = fraction 2^exponent, |fraction| in [1/2, 1)
  if (x == 0) return {};
  return {static_cast<std::int64_t>(std::ldexp(fraction, 53)), exponent - 53};
}

Integer floor_of_upper_end(const Interval& x) {
  Integer result;
  mpfr_get_z(result.backend().data(), right(x), MPFR_RNDD);
  return result;
}

double upper_double(const Interval& x) {
  return mpfr_get_d(right(x), MPFR_RNDU);
}

double lower_double(const Interval& x) {
  return mpfr_get_d(left(x), MPFR_RNDD);
}

} // namespace proofmark
