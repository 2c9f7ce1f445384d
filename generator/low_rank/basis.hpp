// The basis of a proof by low-rank: rows that span nearly what matters of U, with few entries that are not zero.
#pragma once

#include "numbers/product.hpp"

#include <vector>

namespace proofmark::low_rank {

// Directions in the order of what they are worth: those that are given, made orthonormal, then the leading right singular vectors of
// what they leave of U  [m x C]. Rows  [k x m], at most as many as U has dimensions.
MatrixD directions(const MatrixD& U, const MatrixD& first);

// Rows that span the same space, turned so that each has few large entries (varimax).
MatrixD turned(MatrixD rows);

struct Basis {
  MatrixD rows;   // B  [k x m], as stored
  MatrixD metric; // M  [k x k]
  std::size_t entries = 0, rows_with_entries = 0;
};
// Of so many entries of rows, the largest ones.
Basis basis(const MatrixD& rows, std::size_t entries);

} // namespace proofmark::low_rank
