// Inner products of positive numbers, without rounding: the heart of the exact engine.
//
// A positive number is one 64-bit word: a significand m, 2^47 <= m < 2^48, and a position p in the upper 16
// bits. A vector with bias B stands for the numbers m · 2^(p - B). The product of two words is an exact
// 96-bit integer; it is added into the 128-bit bin of its position, so nothing is aligned and nothing is
// lost. Each bin is exact for up to 2^32 terms; the order does not matter.
#pragma once

#include "../int128.hpp"

#include "../interval.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace verifier::token_sum {

inline constexpr int significand_bits = 48;
inline constexpr std::uint64_t significand_mask = (std::uint64_t{1} << significand_bits) - 1;
inline constexpr std::uint32_t largest_position = 65535;

inline std::uint64_t pack(std::uint64_t significand, std::uint32_t position) {
  return std::uint64_t{position} << significand_bits | significand;
}
inline std::uint32_t position(std::uint64_t word) {
  return static_cast<std::uint32_t>(word >> significand_bits);
}
inline std::uint64_t significand(std::uint64_t word) {
  return word & significand_mask;
}

// Words and the range of their positions.
struct PackedVector {
  std::span<const std::uint64_t> words;
  std::uint32_t lowest, highest;
};

// significand · 2^position, where position counts like the sum of two words' positions.
struct PositiveSum {
  Uint128 significand;
  std::uint32_t position;
};

// z >= the sum · 2^-bias, by at most one rounding.
void round_up(Real& z, const PositiveSum& sum, std::int64_t bias);

// One bin for each possible sum of two positions; reused from product to product.
using Bins = std::vector<Uint128>;

// s with  sum_k x_k y_k <= s <= (1 + 2^-93) · sum_k x_k y_k.  Vectors of the same length, at least 1 and at
// most 2^16.
PositiveSum inner_product(const PackedVector& x, const PackedVector& y, Bins& bins);

// The same over some of the columns, each once: s with  sum <= s <= (1 + 2^-80) · sum. At least one column.
PositiveSum inner_product(const PackedVector& x, const PackedVector& y, std::span<const std::uint16_t> columns);

// out_k = x_k · y_k rounded up to 48 bits, at most (1 + 2^-47) times too large. The bias of out is the sum of
// the biases less 47.
PackedVector multiply(const PackedVector& x, const PackedVector& y, std::span<std::uint64_t> out);

} // namespace verifier::token_sum
