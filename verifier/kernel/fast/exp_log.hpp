// exp and log of four doubles at once, round to nearest, without FMA and tables: the same bits on every machine. Errors are
// proved in docs/numerics.md ("The kernel"), coefficients and bounds checked by tests/kernel_proofs.
//
// exp4, |x| <= 620: relative error at most 4 u. n is the nearest integer to x / ln 2, up to a little: |r| <= 0.3466.
// log4, x normal: absolute error at most 2 u (1 + |ln x|). x = 2^k m, m in [0.707, 1.415), f = m - 1 exact, s = f/(2+f).
#pragma once

#include "lanes.hpp"

namespace verifier::kernel::doubles {

constexpr double ln2_high = 0x1.62e42fefa38p-1, ln2_low = 0x1.ef35793c7673p-45; // 42 bits, and the rest

PROOFMARK_INLINE v4 exp4(v4 x) {
  constexpr double magic = 0x1.8p52; // adding it rounds to an integer, which then stands in the low bits
  const v4 t = x * 0x1.71547652b82fep0 + magic;
  const v4 n = t - magic;
  const v4 r = (x - n * ln2_high) - n * ln2_low;
  const v4 r2 = r * r, r4 = r2 * r2; // in pairs (Estrin): a short chain of dependent operations
  const v4 a = r * 0x1.5555555555557p-3 + 0x1.0000000000001p-1, b = r * 0x1.11111111100dcp-7 + 0x1.5555555553d63p-5;
  const v4 c = r * 0x1.a01a01abe7b65p-13 + 0x1.6c16c1788b9a4p-10;
  const v4 d = r * 0x1.71de023288d0bp-19 + 0x1.a019b90e3c799p-16;
  const v4 e = r * 0x1.af4de76a90952p-26 + 0x1.289184013c6bbp-22;
  const v4 p = (a + b * r2) + r4 * ((c + d * r2) + r4 * e);
  return (v4)((u4)((r + r2 * p) + 1.0) + ((u4)t << 52));
}

PROOFMARK_INLINE v4 log4(v4 x) {
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcd, fraction = 0x000fffffffffffff;
  const u4 d = (u4)x - root_half; // exponent field: k, modulo 2^12
  const v4 k = (v4)(((d + (std::uint64_t{2048} << 52)) >> 52) | 0x4330000000000000u) - (0x1p52 + 2048.0);
  const v4 f = (v4)((d & fraction) + root_half) - 1.0;
  const v4 s = f / (f + 2.0), z = s * s;
  v4 q = z * 0x1.2b5ec04130bcbp-3 + 0x1.39fdd4350a1f8p-3;
  q = q * z + 0x1.7462b91e10712p-3;
  q = q * z + 0x1.c71c62d4e0443p-3;
  q = q * z + 0x1.2492492dff4adp-2;
  q = q * z + 0x1.9999999995258p-2;
  q = q * z + 0x1.5555555555558p-1;
  const v4 half = f * f * 0.5;
  return k * ln2_high - ((half - (s * (half + z * q) + k * ln2_low)) - f);
}

} // namespace verifier::kernel::doubles
