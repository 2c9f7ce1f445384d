// The sum of the losses ln(1 + sum_w exp Δ_w) of many inputs, from margins on the grid 2^-48, in integers: one product of the
// sums of exponentials, and one logarithm at the end. The error argument: docs/numerics.md, section 7.4.
#pragma once

#include "../interval.hpp"
#include "margin_exponentials.hpp"

#include <cstdint>
#include <span>

namespace verifier::attention_only {

// One end of a product of positive numbers: mantissa · 2^exponent, 2^63 <= mantissa < 2^64.
struct ProductEnd {
  std::uint64_t mantissa = std::uint64_t{1} << 63;
  std::int64_t exponent = -63;

  // x > 0 counts in units of 2^-62. The product stays below, or above, the exact one.
  void multiply_from_below(Uint128 x);
  void multiply_from_above(Uint128 x);
};

class LossSum {
public:
  explicit LossSum(const MarginExponentials& exponentials) : exponentials_(exponentials) {}

  // Adds the loss of an input with these margins, as MarginExponentials::sum takes them. Fewer than 2^50 inputs.
  void add(std::span<const std::int64_t> margins, std::int64_t highest, std::uint64_t error);
  // Encloses the sum.
  Interval total() const;

private:
  const MarginExponentials& exponentials_;
  Int128 highest_ = 0; // their sum
  ProductEnd lower_, upper_;
};

} // namespace verifier::attention_only
