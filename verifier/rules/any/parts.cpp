// Maps, norms and activations, as schema/FORMAT.md, section 5, defines them.
#include "rules/any/network.hpp"

namespace verifier::rules::any {
namespace {

Real row_to_each(const Table<Real>& row, const Real& x) {
  return repeat_rows(with(x.kernel(), row), x.rows());
}

// 1 / (1 + exp(-x)), both exponentials times exp(-shift), of which none is above 1 or so: the shift cancels.
Share sigmoid(const Real& x) {
  const Real shift = any_number_in(positive_part(x)), zero = spread(number(x.kernel(), 0), x.shape());
  return share(exp(x - shift), exp(zero - shift));
}

Real tanh(const Real& x) { // 2 sigmoid(2x) - 1
  const Positive two = spread(number(x.kernel(), 2), x.shape()), one = spread(number(x.kernel(), 1), x.shape());
  return two * sigmoid(two * x) - one;
}

Real gelu_tanh(const Real& x) { // x/2 (1 + tanh u) = x sigmoid(2u), 2u = sqrt(8/π) (x + 0.044715 x³)
  Kernel& k = x.kernel();
  const Positive factor = root(number(k, 8) * inverse(pi(k))), cubic = decimal(k, 44715, 6);
  const Real sum = x + spread(cubic, x.shape()) * (square(x) * x);
  return sigmoid(spread(factor, x.shape()) * sum) * x;
}

} // namespace

Real mapped(const Map& map, const Real& x) {
  const Real y = linear(x, with(x.kernel(), map.w));
  return map.bias ? y + row_to_each(*map.bias, y) : y;
}

Real normed(const std::optional<Norm>& norm, const Real& x) {
  if (!norm) return x;
  Kernel& k = x.kernel();
  const Shape one_each{x.rows(), 1};
  const Positive part = spread(with(k, norm->part), one_each), eps = spread(with(k, norm->eps), one_each);
  const Real centred = norm->subtracts_mean ? x - repeat_columns(part * sum(x), x.columns()) : x;
  const Positive scale = inverse(root(part * sum(square(centred)) + eps));
  Real y = repeat_columns(scale, x.columns()) * centred;
  if (norm->weight) y = product(y, row_to_each(*norm->weight, y));
  return norm->bias ? y + row_to_each(*norm->bias, y) : y;
}

Real activated(Activation activation, const Real& x) {
  switch (activation) {
  case Activation::relu:
    return positive_part(x);
  case Activation::gelu:
    return normal_cdf(x) * x;
  case Activation::gelu_tanh:
    return gelu_tanh(x);
  case Activation::silu:
    return sigmoid(x) * x;
  case Activation::tanh:
    break;
  }
  return tanh(x);
}

} // namespace verifier::rules::any
