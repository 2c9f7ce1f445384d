#include "mixture.hpp"

namespace verifier::attention_only {

void Mixture::add(const Real& loss, const Interval& mass) {
  Real term;
  mpfr_add(losses_.get(), losses_.get(), loss.get(), MPFR_RNDU);
  mpfr_mul(term.get(), loss.get(), mass.hi.get(), MPFR_RNDU);
  mpfr_add(weighted_.get(), weighted_.get(), term.get(), MPFR_RNDU);
  set_reciprocal_from_above(term, mass);
  mpfr_add(reciprocals_.get(), reciprocals_.get(), term.get(), MPFR_RNDU);
  ++rows_;
}

void Mixture::mean_loss(Real& x) const {
  mpfr_div_ui(x.get(), losses_.get(), rows_, MPFR_RNDU);
}

void Mixture::apart(Real& x) const {
  Real reciprocal;
  mean_reciprocal(reciprocal);
  mpfr_div_ui(x.get(), weighted_.get(), rows_, MPFR_RNDU);
  mpfr_mul(x.get(), x.get(), reciprocal.get(), MPFR_RNDU);
}

void Mixture::mean_reciprocal(Real& x) const {
  mpfr_div_ui(x.get(), reciprocals_.get(), rows_, MPFR_RNDU);
}

} // namespace verifier::attention_only
