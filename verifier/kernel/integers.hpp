// Numbers of inputs, exactly.
#pragma once

#include <gmpxx.h>

#include <cstdint>

namespace verifier {

inline mpz_class power(std::uint64_t base, std::uint64_t exponent) {
  mpz_class result;
  mpz_ui_pow_ui(result.get_mpz_t(), base, exponent);
  return result;
}

inline mpz_class binomial(std::uint64_t n, std::uint64_t k) {
  mpz_class result;
  mpz_bin_uiui(result.get_mpz_t(), n, k);
  return result;
}

} // namespace verifier
