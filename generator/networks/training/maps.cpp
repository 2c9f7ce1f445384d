// Affine maps.

#include "networks/training/operations.hpp"
#include "numbers/product.hpp"

namespace proofmark::networks {

template <class Scalar>
Value<Scalar>& mapped(Tape<Scalar>& tape, Value<Scalar>& x, Weight<Table<Scalar>> matrix, Weight<Vector<Scalar>> bias) {
  Value<Scalar>& result = tape.value(x.positions, matrix.value->cols());
  set_product(result.rows, x.rows, *matrix.value);
  if (bias) result.rows.rowwise() += *bias.value;
  tape.on_the_way_back([&result, &x, matrix, bias] {
    add_product(x.gradient, result.gradient, matrix.value->transpose());
    add_product(*matrix.gradient, x.rows.transpose(), result.gradient);
    if (bias)
      for (Eigen::Index row = 0; row < result.gradient.rows(); ++row) *bias.gradient += result.gradient.row(row);
  });
  return result;
}

template Value<float>& mapped(Tape<float>&, Value<float>&, Weight<Table<float>>, Weight<Vector<float>>);
template Value<double>& mapped(Tape<double>&, Value<double>&, Weight<Table<double>>, Weight<Vector<double>>);

} // namespace proofmark::networks
