#include "numbers/product.hpp"
#include "training/panels.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace proofmark;
using Eigen::Index;

namespace {

template <class Scalar>
Matrix<Scalar> random_matrix(Index rows, Index columns, std::mt19937& random) {
  Matrix<Scalar> result(rows, columns);
  for (Scalar& x : result.reshaped()) x = static_cast<Scalar>(random()) / static_cast<Scalar>(random() | 1U);
  return result;
}

// product.hpp's definition, by plain loops.
template <class Scalar>
Matrix<Scalar> expected(Matrix<Scalar> out, const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  for (Index i = 0; i < out.rows(); ++i)
    for (Index j = 0; j < out.cols(); ++j)
      for (Index from = 0; from < a.cols(); from += 256) {
        volatile Scalar sum = 0; // neither contracted nor reordered
        for (Index k = from; k < std::min(a.cols(), from + 256); ++k) {
          volatile const Scalar term = a(i, k) * b(k, j);
          sum = sum + term;
        }
        out(i, j) += sum;
      }
  return out;
}

template <class Scalar>
void check(Index rows, Index terms, Index columns) {
  std::mt19937 random(static_cast<unsigned>(rows + terms + columns));
  const Matrix<Scalar> a = random_matrix<Scalar>(rows, terms, random),
                       b = random_matrix<Scalar>(terms, columns, random),
                       start = random_matrix<Scalar>(rows, columns, random), a_transposed = a.transpose(),
                       b_transposed = b.transpose(), zero = Matrix<Scalar>::Zero(rows, columns);
  const Matrix<Scalar> product = expected(zero, a, b);
  CAPTURE(rows);
  CAPTURE(terms);
  CAPTURE(columns);
  Matrix<Scalar> out = start;
  set_product(out, a, b);
  CHECK(out == product);
  set_product(out, a_transposed.transpose(), b);
  CHECK(out == product);
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> by_column(rows, columns);
  set_product(by_column, a, b_transposed.transpose());
  CHECK(by_column == product);
  Matrix<Scalar> larger = Matrix<Scalar>::Constant(rows + 2, columns + 3, 7);
  set_product(larger.block(1, 2, rows, columns), a_transposed.transpose(), b_transposed.transpose());
  CHECK(larger.block(1, 2, rows, columns) == product);
  larger.block(1, 2, rows, columns).setConstant(7);
  CHECK((larger.array() == 7).all()); // nothing beside the block is touched
  add_product(out = start, a, b);
  CHECK(out == expected(start, a, b));
}

} // namespace

TEST_CASE("products are sums over blocks of 256 terms, in order, to the bit") {
  for (const Index rows : {1, 3, 8, 9, 130})
    for (const Index columns : {1, 2, 15, 16, 33, 65}) {
      check<float>(rows, 1, columns);
      check<double>(rows, 19, columns);
    }
  for (const Index terms : {0, 255, 256, 257, 700}) {
    check<float>(5, terms, 34);
    check<double>(12, terms, 17);
  }
}
