// Matrices in fixed point with a proved error: how the exact engine gets from stored weights to logits
// without a floating-point unit.
//
// A FixedMatrix stands for a real matrix X with |X[i,j] - values[i,j] · 2^-scale| <= error. Weights that fit
// are held exactly (error 0).
#pragma once

#include "../interval.hpp"
#include "../tensor.hpp"

#include <cstdint>
#include <vector>

namespace verifier::token_sum {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

struct FixedMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<std::int64_t> values; // row-major, |value| <= 2^bits
  long scale = 0;
  Real error;       // rounded up
  Real largest_row; // at least max_i sum_j |X[i,j]|, rounded up

  const std::int64_t* row(std::size_t i) const { return values.data() + i * columns; }
};

// Bits that the values may have so that an inner product of `terms` of them stays below 2^126.
int bits_for(std::size_t terms);

// The exact numbers, rounded to nearest on the finest grid on which all of them fit.
FixedMatrix to_fixed(const std::vector<Dyadic>&, std::size_t rows, std::size_t columns, int bits);

Int128 inner_product(const std::int64_t* x, const std::int64_t* y, std::size_t terms); // exact

// X Yᵀ, rounded to the finest grid of `bits` bits; the error covers the factors' errors and this rounding.
FixedMatrix multiply_transposed(const FixedMatrix& x, const FixedMatrix& y, int bits, unsigned threads);

// At least max |(X Yᵀ)[i,j] - (values Yvaluesᵀ)[i,j] · 2^-(scales)|: the error of exact inner products of
// rows.
Real product_error(const FixedMatrix& x, const FixedMatrix& y);

} // namespace verifier::token_sum
