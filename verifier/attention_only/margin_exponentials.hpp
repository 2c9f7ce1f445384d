// exp(-t · 2^-48) for integers t >= 0, in integers: how the exact engine gets from margins on its grid to losses. The error
// argument: docs/numerics.md, section 7.4.
#pragma once

#include "../int128.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace verifier::attention_only {

inline constexpr int margin_places = 48;      // margins are held in units of 2^-48 nats
inline constexpr int exponential_places = 62; // and their exponentials in units of 2^-62

inline std::uint64_t upper_half(std::uint64_t x, std::uint64_t y) {
  return static_cast<std::uint64_t>(Uint128{x} * y >> 64);
}
inline std::int64_t upper_half(std::int64_t x, std::int64_t y) {
  return static_cast<std::int64_t>(Int128{x} * y >> 64);
}

// Both ends of a sum of exponentials, in units of 2^-62.
struct ExponentialSum {
  Uint128 least, most; // most < 2^74
};

class MarginExponentials {
public:
  MarginExponentials(); // the tables, by MPFR

  // With e = exp(-t · 2^-48) · 2^62 and y the result: (y - 1) / (1 + 2^-47) <= e <= y + 3. For t = 0 both are 2^62.
  std::uint64_t operator()(std::uint64_t t) const {
    t = std::min(t, most); // beyond, e < 1
    const std::uint64_t product = upper_half(coarse_[t >> coarse_shift], fine_[t >> fine_shift & fine_mask]);
    const std::uint64_t rest = (t & ((std::uint64_t{1} << fine_shift) - 1)) << (64 - margin_places); // below 2^49
    return product - upper_half(product, rest - upper_half(rest, rest >> 1)); // exp(-x) is about 1 - (x - x²/2)
  }

  static constexpr std::uint64_t largest_error = std::uint64_t{1} << 20;

  // Encloses sum_w exp(margins[w] · 2^-48 - h), h = highest · 2^-48; at most 2^10 margins below 2^62 in absolute value, none
  // above `highest`.
  ExponentialSum terms(std::span<const std::int64_t> margins, std::int64_t highest) const;
  // Encloses exp(-h) + sum_w exp(Δ_w - h) for |Δ_w · 2^48 - margins[w]| <= error <= largest_error; `highest` is the largest of 0
  // and the margins.
  ExponentialSum sum(std::span<const std::int64_t> margins, std::int64_t highest, std::uint64_t error) const;

private:
  static constexpr int coarse_shift = margin_places - 5, fine_shift = margin_places - 15;
  static constexpr std::uint64_t fine_mask = (1 << (coarse_shift - fine_shift)) - 1;
  static constexpr std::uint64_t nats = 45;
  static constexpr std::uint64_t most = (nats << margin_places) - 1;
  std::array<std::uint64_t, nats << 5> coarse_;   // exp(-i / 2^5), in units of 2^-63, rounded down
  std::array<std::uint64_t, fine_mask + 1> fine_; // exp(-i / 2^15)
};

} // namespace verifier::attention_only
