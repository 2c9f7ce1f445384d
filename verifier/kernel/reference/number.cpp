#include "number.hpp"

namespace verifier::kernel::exactly {

const Interval& at(const View& v, std::size_t i, std::size_t j) {
  return static_cast<const Intervals&>(*v.numbers).x[v.offset + i * v.row_stride + j * v.column_stride];
}
void require_finite(const Interval& x) {
  if (mpfr_number_p(x.lo) == 0 || mpfr_number_p(x.hi) == 0) throw OutOfRange();
}

void add(Interval& r, const Interval& x, const Interval& y) {
  mpfr_add(r.lo, x.lo, y.lo, MPFR_RNDD);
  mpfr_add(r.hi, x.hi, y.hi, MPFR_RNDU);
}
void subtract(Interval& r, const Interval& x, const Interval& y) { // r is neither x nor y
  mpfr_sub(r.lo, x.lo, y.hi, MPFR_RNDD);
  mpfr_sub(r.hi, x.hi, y.lo, MPFR_RNDU);
}
void multiply(Interval& r, const Interval& x, const Interval& y) {
  mpfr_mul(r.lo, y.lo.sign() < 0 ? x.hi : x.lo, y.lo, MPFR_RNDD);
  mpfr_mul(r.hi, y.hi.sign() < 0 ? x.lo : x.hi, y.hi, MPFR_RNDU);
}
void product(Interval& r, const Interval& x, const Interval& y) {
  if (x.lo.sign() >= 0) return multiply(r, x, y);
  if (y.lo.sign() >= 0) return multiply(r, y, x);
  Number other;
  mpfr_mul(r.hi, x.lo, y.lo, MPFR_RNDU), mpfr_mul(other, x.hi, y.hi, MPFR_RNDU);
  if (r.hi < other) r.hi = other;
  if (x.hi.sign() <= 0 && y.hi.sign() <= 0) return void(mpfr_mul(r.lo, x.hi, y.hi, MPFR_RNDD));
  mpfr_mul(r.lo, x.lo, y.hi, MPFR_RNDD), mpfr_mul(other, x.hi, y.lo, MPFR_RNDD);
  if (other < r.lo) r.lo = other;
}
void exp(Interval& r, const Interval& x) {
  mpfr_exp(r.lo, x.lo, MPFR_RNDD);
  mpfr_exp(r.hi, x.hi, MPFR_RNDU);
}
void log(Interval& r, const Interval& x) {
  mpfr_log(r.lo, x.lo, MPFR_RNDD);
  mpfr_log(r.hi, x.hi, MPFR_RNDU);
}
void inverse(Interval& r, const Interval& x) {
  mpfr_ui_div(r.lo, 1, x.hi, MPFR_RNDD);
  mpfr_ui_div(r.hi, 1, x.lo, MPFR_RNDU);
}
void positive_part(Interval& r, const Interval& x) { // r is 0
  larger(r, r, x);
}
void upper_end(Interval& r, const Interval& x) {
  r.lo = r.hi = x.hi;
}
void square(Interval& r, const Interval& x) { // r is 0
  Number other;
  mpfr_sqr(r.hi, x.lo, MPFR_RNDU), mpfr_sqr(other, x.hi, MPFR_RNDU);
  if (r.hi < other) r.hi = other;
  if (x.lo.sign() < 0 && x.hi.sign() > 0) return;
  mpfr_sqr(r.lo, x.lo.sign() < 0 ? x.hi : x.lo, MPFR_RNDD);
}
// erfc(-x / sqrt 2) / 2, which rises with x.
void normal_cdf(Interval& r, const Interval& x) {
  Interval root_half, y;
  mpfr_set_ui(y.hi, 2, MPFR_RNDU);
  mpfr_rec_sqrt(root_half.lo, y.hi, MPFR_RNDD), mpfr_rec_sqrt(root_half.hi, y.hi, MPFR_RNDU);
  multiply(y, root_half, x);
  mpfr_neg(y.lo, y.lo, MPFR_RNDU), mpfr_neg(y.hi, y.hi, MPFR_RNDD); // exact
  mpfr_erfc(r.lo, y.lo, MPFR_RNDD), mpfr_div_2ui(r.lo, r.lo, 1, MPFR_RNDD);
  mpfr_erfc(r.hi, y.hi, MPFR_RNDU), mpfr_div_2ui(r.hi, r.hi, 1, MPFR_RNDU);
}
// It rises with the part, falls with the rest, and is not above 1; where both may be nothing that is all that is said.
void share(Interval& r, const Interval& part, const Interval& rest) {
  mpfr_add(r.lo, part.lo, rest.hi, MPFR_RNDU);
  mpfr_add(r.hi, part.hi, rest.lo, MPFR_RNDD);
  if (r.lo.sign() > 0) mpfr_div(r.lo, part.lo, r.lo, MPFR_RNDD);
  if (r.hi.sign() > 0)
    mpfr_div(r.hi, part.hi, r.hi, MPFR_RNDU);
  else
    mpfr_set_ui(r.hi, 1, MPFR_RNDU);
}
void larger(Interval& r, const Interval& x, const Interval& y) {
  r.lo = x.lo < y.lo ? y.lo : x.lo;
  r.hi = x.hi < y.hi ? y.hi : x.hi;
}
void smaller(Interval& r, const Interval& x, const Interval& y) {
  r.lo = y.lo < x.lo ? y.lo : x.lo;
  r.hi = y.hi < x.hi ? y.hi : x.hi;
}
void absolute(Interval& r, const Interval& x) { // exact
  mpfr_abs(r.lo, x.lo, MPFR_RNDD), mpfr_abs(r.hi, x.hi, MPFR_RNDU);
  if (r.hi < r.lo) mpfr_swap(r.lo, r.hi);
  if (x.lo.sign() < 0 && x.hi.sign() > 0) mpfr_set_zero(r.lo, 1);
}
void near(Interval& r, const Interval& x, const Interval& radius) {
  mpfr_sub(r.lo, x.lo, radius.hi, MPFR_RNDD);
  mpfr_add(r.hi, x.hi, radius.hi, MPFR_RNDU);
}
void exchange(Interval& r, const Interval& sum, const Interval& term, const Interval& other) {
  mpfr_sub(r.lo, sum.lo, term.lo, MPFR_RNDD), mpfr_add(r.lo, r.lo, other.lo, MPFR_RNDD);
  mpfr_sub(r.hi, sum.hi, term.hi, MPFR_RNDU), mpfr_add(r.hi, r.hi, other.hi, MPFR_RNDU);
}
void hull(Interval& r, const Interval& x) {
  if (x.lo < r.lo) r.lo = x.lo;
  if (r.hi < x.hi) r.hi = x.hi;
}
} // namespace verifier::kernel::exactly
