#include "networks/evaluation/layers.hpp"

#include "networks/number.hpp"
#include "support/error.hpp"

namespace proofmark::networks {

namespace {

using Doubles = Eigen::Map<MatrixD>;
using ConstDoubles = Eigen::Map<const MatrixD>;

Matrix<double> times(const Matrix<double>& x, const MatrixD& w) {
  Matrix<double> result(x.rows, static_cast<std::size_t>(w.cols()));
  const auto rows = static_cast<Eigen::Index>(x.rows);
  set_product(Doubles(result.entries.data(), rows, w.cols()), ConstDoubles(x.entries.data(), rows, w.rows()), w);
  return result;
}

// The radius of a sum of K products: (radius + unit |middle|) |W|, with the unit of sums in blocks of 16.
Matrix<Estimate> times(const Matrix<Estimate>& x, const MatrixD& w) {
  const auto rows = static_cast<Eigen::Index>(x.rows), terms = w.rows();
  const double unit = 2 * two_roundings * (17 + static_cast<double>(terms) / 16) / 2;
  MatrixD middle(rows, terms), radius(rows, terms), out(rows, w.cols()), spread(rows, w.cols());
  for (Eigen::Index i = 0; i < rows * terms; ++i) {
    const Estimate& entry = x.entries[static_cast<std::size_t>(i)];
    middle.data()[i] = entry.middle;
    radius.data()[i] = entry.radius + unit * std::abs(entry.middle);
  }
  const MatrixD sizes = w.cwiseAbs();
  set_product(out, middle, w);
  set_product(spread, radius, sizes);
  Matrix<Estimate> result(x.rows, static_cast<std::size_t>(w.cols()));
  for (std::size_t i = 0; i < result.entries.size(); ++i) result.entries[i] = {out.data()[i], spread.data()[i]};
  return result;
}

Matrix<Interval> times(const Matrix<Interval>& x, const MatrixD& w) {
  Matrix<Interval> result(x.rows, static_cast<std::size_t>(w.cols()));
  Interval product;
  for (std::size_t i = 0; i < x.rows; ++i)
    for (Eigen::Index k = 0; k < w.rows(); ++k)
      for (Eigen::Index j = 0; j < w.cols(); ++j) {
        if (w(k, j) == 0) continue;
        const mpfi_ptr sum = result.row(i)[j].backend().data();
        mpfi_mul_d(product.backend().data(), x.row(i)[k].backend().data(), w(k, j));
        mpfi_add(sum, sum, product.backend().data());
      }
  return result;
}

template <class Number>
Number applied(Activation activation, const Number& x) {
  switch (activation) {
  case Activation::relu:
    return positive_part(x);
  case Activation::gelu:
    return x * normal_cdf(x);
  case Activation::silu:
    return x * sigmoid(x);
  case Activation::tanh:
    return hyperbolic_tangent(x);
  case Activation::gelu_tanh: // (1 + tanh u) / 2 is sigmoid(2 u)
    const Number two = exact_number<Number>(2);
    const Number cubic = decimal_number<Number>({44715, 6}) * (x * squared(x));
    return x * sigmoid(two * root_of_two_over_pi<Number>() * (x + cubic));
  }
  throw Error(Exit::internal, "unknown activation");
}

} // namespace

template <class Number>
Matrix<Number> mapped(const Matrix<Number>& x, const Values::Map& map) {
  Matrix<Number> result = times(x, map.weight);
  if (map.bias) add_to_rows(result, map.bias->data());
  return result;
}

template <class Number>
Matrix<Number> normalised(Matrix<Number> x, const Norm<Values>& norm) {
  const Number count = exact_number<Number>(static_cast<double>(x.columns)), part = inverse(count);
  const Number eps = decimal_number<Number>(norm.eps);
  for (std::size_t i = 0; i < x.rows; ++i) {
    Number* row = x.row(i);
    if (norm.kind == NormKind::layer) {
      Number sum = row[0];
      for (std::size_t j = 1; j < x.columns; ++j) sum = sum + row[j];
      const Number mean = part * sum;
      for (std::size_t j = 0; j < x.columns; ++j) row[j] = row[j] - mean;
    }
    Number squares = squared(row[0]);
    for (std::size_t j = 1; j < x.columns; ++j) squares = squares + squared(row[j]);
    const Number variance = part * squares + eps;
    if (!surely_positive(variance))
      throw Error(Exit::data,
                  norm.eps.digits == 0 ? "a norm with eps 0 meets a row of variance 0, where it is not defined"
                                       : "a norm meets numbers that are too large to be computed with",
                  norm.eps.digits == 0 ? "state the eps of the model: torch's LayerNorm has 1e-5" : "");
    const Number scale = inverse(square_root(variance));
    for (std::size_t j = 0; j < x.columns; ++j) {
      row[j] = row[j] * scale;
      if (norm.weight) row[j] = row[j] * exact_number<Number>((*norm.weight)[static_cast<Eigen::Index>(j)]);
    }
  }
  if (norm.bias) add_to_rows(x, norm.bias->data());
  return x;
}

template <class Number>
Matrix<Number> activated(Matrix<Number> x, Activation activation) {
  for (Number& entry : x.entries) entry = applied(activation, entry);
  return x;
}

#define FOR(Number)                                                                                                    \
  template Matrix<Number> mapped(const Matrix<Number>&, const Values::Map&);                                           \
  template Matrix<Number> normalised(Matrix<Number>, const Norm<Values>&);                                             \
  template Matrix<Number> activated(Matrix<Number>, Activation);
FOR(double)
FOR(Estimate)
FOR(Interval)
#undef FOR

} // namespace proofmark::networks
