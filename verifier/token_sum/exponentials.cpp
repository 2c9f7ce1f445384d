#include "exponentials.hpp"

#include "exact_product.hpp"

#include "../reason.hpp"

#include <algorithm>

namespace verifier::token_sum {

ExponentialTable::ExponentialTable(std::int64_t largest, long grid) {
  for (int low = 0; low == 0 || (low < 62 && largest >> low > 0); low += digit_bits) {
    const auto entries = static_cast<std::size_t>(std::min(largest >> low, digit_mask) + 1);
    std::vector<Real>& digit = digits_.emplace_back(entries);
    for (std::size_t i = 0; i < entries; ++i) {
      mpfr_set_si_2exp(digit[i].get(), -static_cast<long>(i), low - grid, MPFR_RNDU); // exact
      mpfr_exp(digit[i].get(), digit[i].get(), MPFR_RNDU);
    }
  }
}

void ExponentialTable::evaluate(std::int64_t n, Real& y) const {
  mpfr_set(y.get(), entry(0, n).get(), MPFR_RNDU); // exact
  for (std::size_t l = 1; l < digits_.size(); ++l) mpfr_mul(y.get(), y.get(), entry(l, n).get(), MPFR_RNDU);
}

std::uint64_t word_from_above(const Real& y, std::uint32_t depth, Real& rounded) {
  mpfr_set(rounded.get(), y.get(), MPFR_RNDU);
  const long exponent = mpfr_get_exp(rounded.get()); // rounded in [2^(exponent-1), 2^exponent)
  const long position = exponent - 1 + static_cast<long>(depth);
  if (position < 0 || position > static_cast<long>(depth))
    fail(Reason::internal, "", "an exponential in (2^-depth, 1]", std::to_string(exponent));
  mpfr_mul_2si(rounded.get(), rounded.get(), significand_bits - exponent, MPFR_RNDU);       // exact
  return pack(mpfr_get_uj(rounded.get(), MPFR_RNDU), static_cast<std::uint32_t>(position)); // exact
}

} // namespace verifier::token_sum
