// exp and log of four doubles at once, round to nearest, without FMA and tables: the same bits on every machine.
//
// tests/kernel_proofs reads this file: it proves the errors below with Gappa, from the text of the two functions, and how far the
// polynomials are from exp and log in rational numbers. docs/numerics.md, "The kernel", says how both make the errors.
#pragma once

#include "lanes.hpp"

namespace verifier::kernel::doubles {

constexpr double ln2_high = 0x1.62e42fefa38p-1, ln2_low = 0x1.ef35793c7673p-45; // 42 bits, and the rest

// n is the nearest integer to x / ln 2, up to a little: |r| <= 0.3466.
inline constexpr double exp_error = 2.125 * u; // relative, for |x| <= 620
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

// x = 2^k m, m in [sqrt 1/2, sqrt 2), f = m - 1.
inline constexpr double log_error = 0.5 * u,
                        log_relative_error = 1.0625 * u; // the sum of log_error and so much of |ln x|
PROOFMARK_INLINE v4 log4(v4 x) {                         // x is normal

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

// ---- turning outward -------------------------------------------------------------------------------------------------

// exp x is within these factors of exp4(x), rounded: (1 - slack) (1 + u) <= 1 / (1 + error), 1 / (1 - error) <= (1 + slack) (1 - u).
inline constexpr double exp_slack = 4 * u;
static_assert(exp_slack >= exp_error + 1.01 * u);
inline constexpr double least_argument = -600, greatest_argument = 300; // what the engine asks of exp4
PROOFMARK_INLINE v4 exp_down(v4 x) {
  return exp4(x) * (1 - exp_slack);
}
PROOFMARK_INLINE v4 exp_up(v4 x) {
  return exp4(x) * (1 + exp_slack);
}

// ln x is within this of L = log4(x), its own three roundings and that of L -+ slack included: u |L| and two of 2 u relatively.
inline constexpr double log_slack = 0.75 * u, log_relative_slack = 2.25 * u;
static_assert(log_slack >= log_error * (1 + 8 * u) + 0.01 * u);
static_assert(log_relative_slack >= log_relative_error + 1.01 * u);
PROOFMARK_INLINE v4 slack_of_log(v4 L) {
  return abs4(L) * log_relative_slack + log_slack;
}

} // namespace verifier::kernel::doubles
