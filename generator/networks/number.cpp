// The functions of intervals that MPFI has, and those that are monotonic and MPFR has.

#include "networks/number.hpp"

namespace proofmark::networks {

namespace {

template <class Function>
Interval applied(Function function, const Interval& x) {
  Interval result;
  function(result.backend().data(), x.backend().data());
  return result;
}

} // namespace

Interval exponential(const Interval& x) {
  return exp(x);
}

Interval square_root(const Interval& x) {
  return sqrt(x);
}

Interval inverse(const Interval& x) {
  return applied(mpfi_inv, x);
}

Interval squared(const Interval& x) {
  return applied(mpfi_sqr, x);
}

Interval positive_part(const Interval& x) {
  return max(x, Interval(0));
}

Interval sigmoid(const Interval& x) {
  return inverse(Interval(1) + exp(-x));
}

Interval hyperbolic_tangent(const Interval& x) {
  return applied(mpfi_tanh, x);
}

// erfc(-x / sqrt(2)) / 2, and erfc falls.
Interval normal_cdf(const Interval& x) {
  const Interval argument = -x / sqrt(Interval(2));
  mpfr_t lower, upper;
  mpfr_inits2(mpfr_get_prec(argument.backend().left_data()), lower, upper, static_cast<mpfr_ptr>(nullptr));
  mpfr_erfc(lower, argument.backend().right_data(), MPFR_RNDD);
  mpfr_erfc(upper, argument.backend().left_data(), MPFR_RNDU);
  Interval result;
  mpfi_interv_fr(result.backend().data(), lower, upper);
  mpfr_clears(lower, upper, static_cast<mpfr_ptr>(nullptr));
  return result / 2;
}

Interval log_one_plus(const Interval& x) {
  return applied(mpfi_log1p, x);
}

template <>
Interval root_of_two_over_pi<Interval>() {
  Interval pi;
  mpfi_const_pi(pi.backend().data());
  return sqrt(Interval(2) / pi);
}

} // namespace proofmark::networks
