#include "packed_reals.hpp"

#include "../reason.hpp"

namespace verifier::token_sum {

void PackedReals::set(std::size_t i, const Real& x) {
  if (mpfr_zero_p(x.get())) {
    exponents_[i] = zero;
    return;
  }
  const mpfr_exp_t exponent = mpfr_regular_p(x.get()) ? mpfr_get_exp(x.get()) : 0;
  const bool fits = mpfr_regular_p(x.get()) && mpfr_sgn(x.get()) > 0 && mpfr_get_prec(x.get()) == precision &&
                    exponent > zero && exponent <= INT32_MAX;
  if (!fits) fail(Reason::internal, "", "a positive number with a 32-bit exponent", "another");
  limbs_[i] = *static_cast<const mp_limb_t*>(mpfr_custom_get_significand(x.get()));
  exponents_[i] = static_cast<std::int32_t>(exponent);
}

} // namespace verifier::token_sum
