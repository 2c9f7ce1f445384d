// Matrices of 64-bit integers with one scale and one proved error: how M = E W U is computed more exactly
// than doubles can.
//
// Bounds are computed in double without a rounding mode and then enlarged; see docs/generator-numerics.md,
// section 2.
#pragma once

#include "numbers/product.hpp"

#include <cstdint>
#include <vector>

namespace proofmark {

// Stands for a real matrix X  [rows x columns], row-major, with |X[i,j] - value[i,j] * 2^-scale| <= error *
// 2^-scale. `error` is in units of the last place; it may be infinite, which says that fixed point does not
// suit this matrix.
struct FixedPoint {
  std::uint64_t rows = 0, columns = 0;
  std::vector<std::int64_t> value;
  int scale = 0;
  double error = 0;

  const std::int64_t* row(std::uint64_t i) const { return value.data() + i * columns; }
  double absolute_error() const; // error * 2^-scale, rounded up
};

// Entries below 2^bits in absolute value; exact (error 0) unless the magnitudes span more than fits.
FixedPoint fixed_point(const MatrixD&, int bits);

// X Yᵀ for X [r x m] and Y [c x m], with entries below 2^bits (at most 62) and no scale above most_scale. The
// sums are exact in 128 bits, which needs the entries of X and Y to be below 2^factor_bits(m).
FixedPoint product_with_transpose(const FixedPoint& x, const FixedPoint& y, int bits, int most_scale, unsigned threads);

int factor_bits(std::uint64_t inner_dimension); // at most 59

} // namespace proofmark
