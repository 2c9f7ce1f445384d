// LayerNorm and RMSNorm.
//
// For a row x of C entries, y = x - mean (LayerNorm) or y = x, r = (mean of y² + epsilon)^(-1/2), z = y r, and the result
// z * w + b. With g the gradient of z: that of y is r (g - z mean(g z)), and that of x the same less its mean (LayerNorm).

#include "networks/training/operations.hpp"

#include <cmath>
#include <utility>

namespace proofmark::networks {

template <class Scalar>
Value<Scalar>& normalised(Tape<Scalar>& tape, Value<Scalar>& x, NormKind kind, double epsilon,
                          Weight<Vector<Scalar>> weight, Weight<Vector<Scalar>> bias) {
  Value<Scalar>& result = tape.value(x.positions, x.rows.cols());
  const bool centred = kind == NormKind::layer;
  Table<Scalar> z(x.rows.rows(), x.rows.cols());
  Eigen::Array<Scalar, Eigen::Dynamic, 1> inverse_roots(x.rows.rows());
  for (Eigen::Index row = 0; row < z.rows(); ++row) {
    z.row(row) = x.rows.row(row);
    if (centred) z.row(row).array() -= z.row(row).mean();
    const double mean_square = static_cast<double>(z.row(row).squaredNorm()) / static_cast<double>(z.cols());
    inverse_roots(row) = static_cast<Scalar>(1 / std::sqrt(mean_square + epsilon));
    z.row(row) *= inverse_roots(row);
    result.rows.row(row) = z.row(row);
    if (weight) result.rows.row(row).array() *= weight.value->array();
    if (bias) result.rows.row(row) += *bias.value;
  }
  tape.on_the_way_back(
      [&result, &x, centred, weight, bias, z = std::move(z), inverse_roots = std::move(inverse_roots)] {
        for (Eigen::Index row = 0; row < z.rows(); ++row) {
          Eigen::Array<Scalar, 1, Eigen::Dynamic> gradient = result.gradient.row(row);
          if (bias) bias.gradient->array() += gradient;
          if (weight) {
            weight.gradient->array() += gradient * z.row(row).array();
            gradient *= weight.value->array();
          }
          gradient -= z.row(row).array() * (gradient * z.row(row).array()).mean();
          if (centred) gradient -= gradient.mean();
          x.gradient.row(row).array() += inverse_roots(row) * gradient;
        }
      });
  return result;
}

template Value<float>& normalised(Tape<float>&, Value<float>&, NormKind, double, Weight<Vector<float>>,
                                  Weight<Vector<float>>);
template Value<double>& normalised(Tape<double>&, Value<double>&, NormKind, double, Weight<Vector<double>>,
                                   Weight<Vector<double>>);

} // namespace proofmark::networks
