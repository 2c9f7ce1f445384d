// Rows with rows, in tiles that stay in registers: sums of products (`dots`), or largest sums.
//
// An entry is made by itself: terms in order, in blocks of 128 that start from nothing and are joined in order. So the size of a
// tile, and how many doubles a register holds, are matters of speed: they change no bit.
#pragma once

#include "lanes.hpp"

#include <functional>
#include <memory>
#include <span>

namespace verifier::kernel::doubles {

inline constexpr std::size_t block_terms = 128;

struct Matrix { // rows of contiguous entries
  const double* p;
  std::size_t rows, columns;
  const double* row(std::size_t i) const { return p + i * columns; }
};

// to[i * y.rows + j] = sum_k x[i,k] y[j,k].
void products(Matrix x, Matrix y, double* to);

// Of pairs of rows: to[i] of row x_rows[i] of x and row y_rows[i] of y, their product, or max x[.,k] + y[.,k] over k != without[row of
// x]; columns >= 2.
using Indices = std::span<const std::uint32_t>;
void products(Matrix x, Indices x_rows, Matrix y, Indices y_rows, double* to);
void largest_sums(Matrix x, Indices x_rows, Matrix y, Indices y_rows, Indices without, double* to);

// |computed - exact| <= product_error(K) sum_k |x[i,k] y[j,k]| (+ what underflows): a term is rounded once, and takes part in at
// most 127 sums in its block (the first adds to 0) and one for each block.
inline double product_error(std::size_t K) {
  return (static_cast<double>(K < block_terms ? K : block_terms) + static_cast<double>(K) / block_terms + 2) * 1.01 * u;
}

} // namespace verifier::kernel::doubles
