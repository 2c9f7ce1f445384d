// The nonlinear functions of an entry, and their slopes.

#include "networks/training/operations.hpp"
#include "numbers/elementary.hpp"
#include "support/error.hpp"

#include <utility>

namespace proofmark::networks {

namespace {

struct Point {
  double value, slope;
};

Point relu(double x) {
  return x > 0 ? Point{x, 1} : Point{0, 0};
}

Point gelu(double x) {
  constexpr double inverse_root_2_pi = 0.3989422804014326779;
  const double below = elementary::normal_cdf(x);
  return {x * below, below + x * inverse_root_2_pi * elementary::exp(-x * x / 2)};
}

Point gelu_tanh(double x) {
  constexpr double factor = 0.79788456080286535588, cubic = 0.044715; // the root of 2 / pi
  const double t = elementary::tanh(factor * (x + cubic * x * x * x));
  return {x / 2 * (1 + t), (1 + t) / 2 + x / 2 * (1 - t * t) * factor * (1 + 3 * cubic * x * x)};
}

Point silu(double x) {
  const double share = 1 / (1 + elementary::exp(-x));
  return {x * share, share + x * share * (1 - share)};
}

Point tanh(double x) {
  const double t = elementary::tanh(x);
  return {t, 1 - t * t};
}

// The rows of the result, and in `slopes` what a gradient is multiplied by on its way back.
template <class Table, class Function>
void apply(const Function& function, const Table& x, Table& result, Table& slopes) {
  using Scalar = typename Table::Scalar;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const Point point = function(static_cast<double>(x.data()[i]));
    result.data()[i] = static_cast<Scalar>(point.value);
    slopes.data()[i] = static_cast<Scalar>(point.slope);
  }
}

} // namespace

template <class Scalar>
Value<Scalar>& activated(Tape<Scalar>& tape, Value<Scalar>& x, Activation activation) {
  Value<Scalar>& result = tape.value(x.positions, x.rows.cols());
  Table<Scalar> slopes(x.rows.rows(), x.rows.cols());
  const auto with = [&](const auto& function) { apply(function, x.rows, result.rows, slopes); };
  switch (activation) {
  case Activation::relu:
    with(relu);
    break;
  case Activation::gelu:
    with(gelu);
    break;
  case Activation::gelu_tanh:
    with(gelu_tanh);
    break;
  case Activation::silu:
    with(silu);
    break;
  case Activation::tanh:
    with(tanh);
    break;
  }
  tape.on_the_way_back(
      [&result, &x, slopes = std::move(slopes)] { x.gradient += result.gradient.cwiseProduct(slopes); });
  return result;
}

template Value<float>& activated(Tape<float>&, Value<float>&, Activation);
template Value<double>& activated(Tape<double>&, Value<double>&, Activation);

} // namespace proofmark::networks
