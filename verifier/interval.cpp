#include "interval.hpp"

#include "reason.hpp"

namespace verifier {

Interval exactly(std::uint64_t n) {
  Interval x;
  mpfr_set_uj(x.lo.get(), n, MPFR_RNDD); // 64 bits hold it
  mpfr_set_uj(x.hi.get(), n, MPFR_RNDU);
  return x;
}

Interval enclose(const mpq_class& lo, const mpq_class& hi) {
  Interval x;
  mpfr_set_q(x.lo.get(), lo.get_mpq_t(), MPFR_RNDD);
  mpfr_set_q(x.hi.get(), hi.get_mpq_t(), MPFR_RNDU);
  return x;
}

void add(Interval& x, const Interval& y) {
  mpfr_add(x.lo.get(), x.lo.get(), y.lo.get(), MPFR_RNDD);
  mpfr_add(x.hi.get(), x.hi.get(), y.hi.get(), MPFR_RNDU);
}

void multiply_nonnegative(Interval& x, const Interval& y) {
  set_product(x, x, y);
}

void set_product(Interval& x, const Interval& y, const Interval& z) {
  mpfr_mul(x.lo.get(), y.lo.get(), z.lo.get(), MPFR_RNDD);
  mpfr_mul(x.hi.get(), y.hi.get(), z.hi.get(), MPFR_RNDU);
}

void set_product_from_above(Real& x, const Interval& y, const Real& z) {
  mpfr_mul(x.get(), mpfr_sgn(z.get()) < 0 ? y.lo.get() : y.hi.get(), z.get(), MPFR_RNDU);
}

void set_reciprocal_from_above(Real& x, const Interval& y) {
  mpfr_ui_div(x.get(), 1, y.lo.get(), MPFR_RNDU);
}

void multiply_any(Interval& x, const mpz_class& k) {
  mpfr_mul_z(x.lo.get(), x.lo.get(), k.get_mpz_t(), MPFR_RNDD);
  mpfr_mul_z(x.hi.get(), x.hi.get(), k.get_mpz_t(), MPFR_RNDU);
}

Interval log(const Interval& x) {
  // A lower end of zero would become -infinity; the limit on the range of logits keeps every product
  // positive.
  if (!mpfr_greater_p(x.lo.get(), Real().get()))
    fail(Reason::internal, "", "a positive lower end", "zero or not a number");
  Interval y;
  mpfr_log(y.lo.get(), x.lo.get(), MPFR_RNDD);
  mpfr_log(y.hi.get(), x.hi.get(), MPFR_RNDU);
  return y;
}

Interval exp(const Interval& x) {
  Interval y;
  mpfr_exp(y.lo.get(), x.lo.get(), MPFR_RNDD);
  mpfr_exp(y.hi.get(), x.hi.get(), MPFR_RNDU);
  return y;
}

void raise(Real& largest, const Real& x) {
  if (mpfr_greater_p(x.get(), largest.get())) mpfr_set(largest.get(), x.get(), MPFR_RNDU); // exact
}

void raise_lower_to_zero(Interval& x) {
  const Real zero;
  if (mpfr_less_p(x.lo.get(), zero.get())) mpfr_set_zero(x.lo.get(), +1);
}

mpq_class exact(const Real& x) {
  if (!mpfr_number_p(x.get())) fail(Reason::internal, "", "a finite end-point", "infinity or not a number");
  mpq_class value;
  mpfr_get_q(value.get_mpq_t(), x.get());
  return value;
}

void start_rounding_on_this_thread() {
  mpfr_set_emin(mpfr_get_emin_min());
  mpfr_set_emax(mpfr_get_emax_max());
  mpfr_clear_flags();
}

bool rounding_was_clean_on_this_thread() {
  return !mpfr_nanflag_p() && !mpfr_divby0_p() && !mpfr_overflow_p() && !mpfr_underflow_p() && !mpfr_erangeflag_p();
}

} // namespace verifier
