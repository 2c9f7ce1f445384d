#include "exact_product.hpp"

#include "../reason.hpp"

#include <algorithm>

namespace verifier::token_sum {

void round_up(Real& z, const PositiveSum& sum, std::int64_t bias) {
  const std::int64_t exponent = sum.position - bias;
  Real low;
  mpfr_set_uj_2exp(z.get(), static_cast<std::uint64_t>(sum.significand >> 64), exponent + 64, MPFR_RNDU); // exact
  mpfr_set_uj_2exp(low.get(), static_cast<std::uint64_t>(sum.significand), exponent, MPFR_RNDU);          // exact
  mpfr_add(z.get(), z.get(), low.get(), MPFR_RNDU);
}

PositiveSum inner_product(const PackedVector& x, const PackedVector& y, Bins& bins) {
  const std::uint32_t lowest = x.lowest + y.lowest, highest = x.highest + y.highest;
  if (bins.size() <= highest) bins.resize(highest + 1);
  std::fill(bins.begin() + lowest, bins.begin() + highest + 1, Uint128{0});
  const std::uint64_t *xs = x.words.data(), *ys = y.words.data();
  Uint128* const bin = bins.data();
  for (std::size_t k = 0, n = x.words.size(); k < n; ++k)
    bin[position(xs[k]) + position(ys[k])] += Uint128{significand(xs[k])} * significand(ys[k]);

  // From the lowest bin to the highest that is not empty, halving what was gathered so far, rounded up. Each
  // halving adds less than half a unit of its position, all of them together less than one unit of the last;
  // the last bin holds at least 2^94 units. Bins stay below 2^112 and the halves below 2^112, so nothing
  // wraps.
  std::uint32_t top = highest;
  while (bin[top] == 0) --top;
  Uint128 sum = 0;
  for (std::uint32_t p = lowest; p <= top; ++p) sum = bin[p] + (sum >> 1) + (sum & 1);
  return {sum, top};
}

PositiveSum inner_product(const PackedVector& x, const PackedVector& y, std::span<const std::uint16_t> columns) {
  const auto place = [&](std::uint16_t k) { return position(x.words[k]) + position(y.words[k]); };
  std::uint32_t top = 0;
  for (const std::uint16_t k : columns) top = std::max(top, place(k));
  // Every product is brought to the position of the highest; what is shifted out counts as one unit. The highest has
  // at least 2^94 units, and at most 2^14 others add one each. The sum stays below 2^110.
  Uint128 sum = 0;
  for (const std::uint16_t k : columns) {
    const std::uint32_t shift = top - place(k);
    const Uint128 product = Uint128{significand(x.words[k])} * significand(y.words[k]);
    sum += shift == 0 ? product : shift < 96 ? (product >> shift) + 1 : 1;
  }
  return {sum, top};
}

PackedVector multiply(const PackedVector& x, const PackedVector& y, std::span<std::uint64_t> out) {
  std::uint32_t lowest = largest_position, highest = 0;
  for (std::size_t k = 0; k < out.size(); ++k) {
    const Uint128 product = Uint128{significand(x.words[k])} * significand(y.words[k]); // in [2^94, 2^96)
    const int shift = product >> 95 ? 48 : 47;
    std::uint64_t m = static_cast<std::uint64_t>((product + ((Uint128{1} << shift) - 1)) >> shift);
    std::uint32_t p = position(x.words[k]) + position(y.words[k]) + static_cast<std::uint32_t>(shift - 47);
    if (m >> significand_bits) { // rounded up to 2^48
      m >>= 1;
      p += 1;
    }
    if (p > largest_position) fail(Reason::internal, "", "positions within 16 bits", std::to_string(p));
    out[k] = pack(m, p);
    lowest = std::min(lowest, p);
    highest = std::max(highest, p);
  }
  return {out, lowest, highest};
}

} // namespace verifier::token_sum
