// Matrices in fixed point with a proved error: how the exact engine gets from stored weights to logits
// without a floating-point unit.
//
// A FixedMatrix stands for a real matrix X with |X[i,j] - values[i,j] · 2^-scale| <= error. Weights that fit
// are held exactly (error 0). Bounds are rational numbers: nothing here rounds but the values.
#pragma once

#include "../int128.hpp"

#include "../tensor.hpp"

#include <gmpxx.h>

#include <cstdint>
#include <vector>

namespace verifier::token_sum {

struct FixedMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<std::int64_t> values; // row-major, |value| <= 2^bits
  long scale = 0;
  mpq_class error = 0;
  mpq_class largest_row = 0; // at least max_i sum_j |X[i,j]|

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
mpq_class product_error(const FixedMatrix& x, const FixedMatrix& y);

// At least max |(X Yᵀ)[i,j]| and max |(values Yvaluesᵀ)[i,j] · 2^-(scales)|.
mpq_class largest_product(const FixedMatrix& x, const FixedMatrix& y);

} // namespace verifier::token_sum
