// Matrices: of exact weights, and of the numbers that a network is evaluated in.
#pragma once

#include "numbers/product.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <optional>
#include <vector>

namespace proofmark::networks {

template <class Scalar>
struct Matrices {
  using Table = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Vector = Eigen::Matrix<Scalar, 1, Eigen::Dynamic>;
  struct Map {
    Table weight; // [in x out]; of tokens [V x d]
    std::optional<Vector> bias;
  };
};

// Row-major. Number is double; Estimate, a double with a radius that estimates what interval arithmetic in doubles loses; or
// Interval, a rigorous enclosure.
template <class Number>
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<Number> entries = {};

  Matrix() = default;
  Matrix(std::size_t rows, std::size_t columns) : rows(rows), columns(columns), entries(rows * columns) {}
  Number* row(std::size_t i) { return entries.data() + i * columns; }
  const Number* row(std::size_t i) const { return entries.data() + i * columns; }
};

} // namespace proofmark::networks
