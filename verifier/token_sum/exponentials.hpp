// exp(-n · 2^-F) for integers n >= 0, from above: how the exact engine gets from logits on its grid to words.
#pragma once

#include "../interval.hpp"

#include <cstdint>
#include <vector>

namespace verifier::token_sum {

// n is split into digits, and each digit has a table of MPFR values, rounded up.
class ExponentialTable {
public:
  // For 0 <= n <= largest < 2^62, and F = grid.
  ExponentialTable(std::int64_t largest, long grid);

  // y >= exp(-n · 2^-F), and at most (1 + 2^-63)^roundings() times as large. y has 64 bits.
  void evaluate(std::int64_t n, Real& y) const;
  unsigned long roundings() const { return static_cast<unsigned long>(2 * digits_.size() - 1); }

private:
  static constexpr int digit_bits = 11;
  static constexpr std::int64_t digit_mask = (1 << digit_bits) - 1;
  const Real& entry(std::size_t l, std::int64_t n) const {
    return digits_[l][static_cast<std::size_t>(n >> (digit_bits * static_cast<int>(l)) & digit_mask)];
  }
  std::vector<std::vector<Real>> digits_;
};

// The least word of 48 bits (exact_product.hpp) that is no less than y, with bias depth + 47; 2^-depth <= y <= 1.
// `rounded` is a number of 48 bits to work in.
std::uint64_t word_from_above(const Real& y, std::uint32_t depth, Real& rounded);

} // namespace verifier::token_sum
