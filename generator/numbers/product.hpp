// Products of matrices that have the same bits on every processor: what training and the proofs of token-sum models spend
// most of their time on. (Small products, and products with vectors, are left to Eigen.)
//
// An entry is a sum over blocks of 256 terms, one block after the other, and each block is summed in order from zero.
#pragma once

#include <Eigen/Core>

namespace proofmark {

using MatrixD = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// A matrix somewhere in memory.
template <class Scalar>
struct Strided {
  Scalar* data;
  Eigen::Index rows, columns, row_stride, column_stride;
};

template <class Scalar>
void product(const Strided<Scalar>& out, const Strided<const Scalar>& a, const Strided<const Scalar>& b, bool add);

extern template void product(const Strided<float>&, const Strided<const float>&, const Strided<const float>&, bool);
extern template void product(const Strided<double>&, const Strided<const double>&, const Strided<const double>&, bool);

namespace details {

template <class Matrix>
Strided<const typename Matrix::Scalar> strided(const Matrix& x) {
  return {x.data(), x.rows(), x.cols(), x.rowStride(), x.colStride()};
}

template <class Out, class A, class B>
void product(Out&& out, const A& a, const B& b, bool add) {
  using Scalar = typename A::Scalar;
  proofmark::product<Scalar>({out.data(), out.rows(), out.cols(), out.rowStride(), out.colStride()}, strided(a),
                             strided(b), add);
}

} // namespace details

// out = a b, for matrices of Eigen, blocks of them and transposes. `out` has the size of the product and shares no memory
// with a and b.
template <class Out, class A, class B>
void set_product(Out&& out, const A& a, const B& b) {
  details::product(out, a, b, false);
}

// out += a b
template <class Out, class A, class B>
void add_product(Out&& out, const A& a, const B& b) {
  details::product(out, a, b, true);
}

} // namespace proofmark
