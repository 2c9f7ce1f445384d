// Numbers of inputs, exactly. A long has 32 bits on some machines, WebAssembly among them, where GMP's own functions of longs would
// cut longer numbers off: 64 bits pass here, and nowhere else.
#pragma once

#include <gmpxx.h>

#include <cstdint>
#include <stdexcept>

namespace verifier {

inline mpz_class integer(std::uint64_t x) {
  mpz_class result;
  mpz_import(result.get_mpz_t(), 1, -1, sizeof x, 0, 0, &x);
  return result;
}

inline bool has_64_bits(const mpz_class& x) { // or fewer
  return x >= 0 && mpz_sizeinbase(x.get_mpz_t(), 2) <= 64;
}
inline std::uint64_t in_64_bits(const mpz_class& x) {
  if (!has_64_bits(x)) throw std::logic_error("a number of more than 64 bits");
  std::uint64_t result = 0;
  mpz_export(&result, nullptr, -1, sizeof result, 0, 0, x.get_mpz_t());
  return result;
}

inline unsigned long in_32_bits(std::uint64_t x) {
  if (x > UINT32_MAX) throw std::logic_error("a number of more than 32 bits");
  return static_cast<unsigned long>(x);
}

inline mpz_class power(const mpz_class& base, std::uint64_t exponent) {
  mpz_class result;
  mpz_pow_ui(result.get_mpz_t(), base.get_mpz_t(), in_32_bits(exponent));
  return result;
}
inline mpz_class power(std::uint64_t base, std::uint64_t exponent) {
  return power(integer(base), exponent);
}

inline mpz_class binomial(std::uint64_t n, std::uint64_t k) {
  mpz_class result;
  mpz_bin_uiui(result.get_mpz_t(), in_32_bits(n), in_32_bits(k));
  return result;
}

} // namespace verifier
