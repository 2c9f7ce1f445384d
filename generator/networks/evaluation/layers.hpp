// Maps, norms and activations of all rows of a matrix.
#pragma once

#include "networks/architecture.hpp"
#include "networks/matrix.hpp"
#include "networks/number.hpp"

namespace proofmark::networks {

using Values = Matrices<double>;

template <class Number>
Matrix<Number> mapped(const Matrix<Number>&, const Values::Map&); // x W + bias

template <class Number>
Matrix<Number> normalised(Matrix<Number>, const Norm<Values>&);

template <class Number>
Matrix<Number> normalised(Matrix<Number> x, const std::optional<Norm<Values>>& norm) {
  return norm ? normalised(std::move(x), *norm) : x;
}

template <class Number>
Matrix<Number> activated(Matrix<Number>, Activation);

template <class Number>
void add_to_rows(Matrix<Number>& x, const double* row) { // to each row the same
  for (std::size_t i = 0; i < x.rows; ++i)
    for (std::size_t j = 0; j < x.columns; ++j) x.row(i)[j] = x.row(i)[j] + exact_number<Number>(row[j]);
}

} // namespace proofmark::networks
