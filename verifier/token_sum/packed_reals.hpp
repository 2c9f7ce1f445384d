// Many non-negative 64-bit MPFR numbers in little memory: 12 bytes each instead of 64. Entries are lent to
// MPFR as read-only numbers through its custom interface, so every operation on them is MPFR's own.
#pragma once

#include "../interval.hpp"

#include <cstdint>
#include <vector>

namespace verifier::token_sum {

static_assert(GMP_NUMB_BITS == 64 && precision == 64, "one limb holds one significand");

class PackedReals {
public:
  explicit PackedReals(std::size_t count) : limbs_(count), exponents_(count, zero) {}

  void set(std::size_t i, const Real& x); // x >= 0, finite, of 64 bits
  // A view: valid while this object lives and is not changed.
  void view(std::size_t i, mpfr_ptr x) const {
    mp_limb_t* const limb = const_cast<mp_limb_t*>(&limbs_[i]); // MPFR reads only: x is passed on as a source
    if (exponents_[i] == zero)
      mpfr_custom_init_set(x, MPFR_ZERO_KIND, 0, precision, limb);
    else
      mpfr_custom_init_set(x, MPFR_REGULAR_KIND, exponents_[i], precision, limb);
  }

private:
  static constexpr std::int32_t zero = INT32_MIN;
  std::vector<mp_limb_t> limbs_;
  std::vector<std::int32_t> exponents_;
};

} // namespace verifier::token_sum
