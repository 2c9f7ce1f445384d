#include "int128.hpp"

#include <bit>

namespace verifier {

int bit_length(Int128 x) {
  const auto magnitude = static_cast<Uint128>(x < 0 ? -x : x);
  const auto high = static_cast<std::uint64_t>(magnitude >> 64), low = static_cast<std::uint64_t>(magnitude);
  return high != 0 ? 128 - std::countl_zero(high) : 64 - std::countl_zero(low);
}

std::int64_t shift_right_nearest(Int128 x, long shift) {
  if (shift == 0) return static_cast<std::int64_t>(x);
  if (shift > 127) return 0; // |x / 2^shift| < 1/2
  return static_cast<std::int64_t>((x + (Int128{1} << (shift - 1))) >> shift);
}

std::int64_t ceiling_of_quotient(Int128 x, long shift) {
  if (x == 0) return 0;
  if (shift > 126) return x > 0 ? 1 : 0;
  if (shift >= 0) return static_cast<std::int64_t>(-(-x >> shift));
  return static_cast<std::int64_t>(x) * (std::int64_t{1} << -shift);
}

mpz_class integer(Int128 x) {
  mpz_class high(static_cast<long>(x >> 64));
  high <<= 64;
  return high + static_cast<unsigned long>(x);
}

} // namespace verifier
