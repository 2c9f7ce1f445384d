// What operations have in common: operands are checked, and a result is held by the meter before its engine makes it.
#pragma once

#include "charges.hpp"

namespace verifier::kernel {

template <class Result, class F>
Result made(Kernel& k, Shape shape, F make) {
  Lease lease = k.meter.hold(shape.rows, shape.columns);
  const Made numbers = make(k.engine);
  numbers->engine = &k.engine;
  numbers->lease = std::move(lease);
  return Result(k, {numbers, shape, 0, shape.columns, 1});
}
// What an operation may copy of an operand while it works. Where nothing is repeated, a copy is no larger than what is alive.
inline Lease hold_copy(Kernel& k, const Tensor& x) {
  const View& v = x.view();
  const bool repeats = (v.row_stride == 0 && x.rows() > 1) || (v.column_stride == 0 && x.columns() > 1);
  return repeats ? k.meter.hold(x.rows(), x.columns()) : Lease();
}

inline Kernel& common_kernel(const Tensor& x, const Tensor& y) {
  require(&x.kernel() == &y.kernel(), "tensors of two units");
  return x.kernel();
}
inline void require_indices(Indices at, std::size_t count, const char* what) {
  for (const Index i : at) require(i < count, what);
}
template <class Result>
constexpr Sign sign_of = std::is_same_v<Result, Positive> ? Sign::not_negative : Sign::any;

} // namespace verifier::kernel
