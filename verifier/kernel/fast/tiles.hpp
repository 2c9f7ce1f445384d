// Rows with rows, in tiles that stay in registers: sums of products (`dots`), or largest sums.
//
// An entry is made by itself: terms in order, in blocks that start from nothing and are joined in order. So the size of a tile, and
// how many doubles a register holds, are matters of speed: they change no bit.
#pragma once

#include "lanes.hpp"

#include <functional>
#include <memory>
#include <span>

namespace verifier::kernel::doubles {

inline constexpr std::size_t block_terms = 128, short_block_terms = 16;

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

// The widest tile of products that this processor has, in short blocks: to[c * panel_rows + r] = sum_k panel[k * panel_rows + r]
// y[c][k], of four rows of y.
struct Tile {
  void (*make)(const double* panel, const double* const* y, std::size_t K, double* to);
  std::size_t panel_rows;
};
inline constexpr std::size_t most_panel_rows = 16;
Tile tile_in_short_blocks();

// |computed - exact| <= product_error(K) sum_k |x[i,k] y[j,k]| (+ what underflows): a term is rounded once, and takes part in at
// most block - 1 sums in its block (the first adds to 0) and one for each block.
inline double product_error(std::size_t K, std::size_t block = block_terms) {
  return (static_cast<double>(K < block ? K : block) + static_cast<double>(K) / static_cast<double>(block) + 2) * 1.01 *
         u;
}

} // namespace verifier::kernel::doubles
