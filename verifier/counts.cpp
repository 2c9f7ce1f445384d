#include "counts.hpp"

namespace verifier {

void count_from_loss(const mpz_class& inputs, Established& established, Meter& meter) {
  Real ln_2, wrong;
  mpfr_const_log2(ln_2.get(), MPFR_RNDD);
  mpfr_div(wrong.get(), established.upper.hi.get(), ln_2.get(), MPFR_RNDU);
  mpz_class most_wrong;
  mpfr_get_z(most_wrong.get_mpz_t(), wrong.get(), MPFR_RNDD); // the floor: a count is an integer
  established.correct = most_wrong < inputs ? mpz_class(inputs - most_wrong) : mpz_class(0);
  established.undecided = inputs - established.correct;
  meter.operations.div += 1;
  meter.operations.add += 1;
  meter.operations.compare += 1;
}

} // namespace verifier
