// Sums of products of stored numbers without rounding: how many bits hold them, and MPFR's word that none was lost.
#pragma once

#include "interval.hpp"
#include "tensor.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace verifier {

// The bits of all nonzero numbers of an array lie in lowest .. highest; highest < lowest when there are none.
struct Span {
  long lowest = 0, highest = -1;
};

Span span_of(const std::vector<Dyadic>&);
// Of sums of one number of x and one of y.
Span span_of_sums(const Span& x, const Span& y);
// Of sums of at most `terms` products of a number of x and a number of y.
Span span_of_products(const Span& x, const Span& y, std::size_t terms);
// A precision at which such numbers are exact.
mpfr_prec_t bits(const Span&);

void set_exactly(Real& x, const Dyadic&); // x has 53 bits or more

// out_k = sum_j x_j · y[k,j] for every row k of y, which has as many columns as x has elements. The precision of `out` and
// `term` was chosen so that nothing rounds, and MPFR confirms it.
void multiply_exactly(std::span<Real> out, std::span<const Real> x, std::span<const Real> y, Real& term);

// A matrix of exact numbers, row by row.
struct ExactMatrix {
  ExactMatrix(std::size_t rows, std::size_t columns, const Span& span);
  std::size_t rows, columns;
  Span span;
  std::vector<Real> entries; // [rows x columns], each of bits(span) bits

  std::span<Real> row(std::size_t i) { return std::span(entries).subspan(i * columns, columns); }
  std::span<const Real> row(std::size_t i) const { return std::span(entries).subspan(i * columns, columns); }
  const Real& at(std::size_t i, std::size_t j) const { return entries[i * columns + j]; }
};

// `values` are row by row.
ExactMatrix exact_matrix(const std::vector<Dyadic>& values, std::size_t rows, std::size_t columns);
ExactMatrix exact_transpose(const std::vector<Dyadic>& values, std::size_t rows,
                            std::size_t columns); // [columns x rows]
// x yᵀ, of as many columns each.
ExactMatrix times_transposed(const ExactMatrix& x, const ExactMatrix& y, unsigned threads);
// Each row of x plus `row`, which has as many elements and lies within `span`.
ExactMatrix plus_row(const ExactMatrix& x, std::span<const Real> row, const Span& span);

} // namespace verifier
