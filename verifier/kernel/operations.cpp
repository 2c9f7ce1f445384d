// Operations on one tensor, or on two of one shape: shapes are checked, work is charged (charges.hpp) and handed to the engine.
#include "making.hpp"

#include <cmath>

namespace verifier::kernel {
namespace {

template <class Result>
Result elementwise(Binary op, const Real& x, const Real& y) {
  require(x.shape() == y.shape(), "shapes differ");
  charges::elementwise(x, op);
  return made<Result>(common_kernel(x, y), x.shape(),
                      [&](auto& engine) { return engine.binary(op, x.view(), y.view(), sign_of<Result>); });
}
template <class Result>
Result elementwise(Unary op, const Real& x) {
  charges::elementwise(x, op);
  return made<Result>(x.kernel(), x.shape(), [&](auto& engine) { return engine.unary(op, x.view()); });
}
Real moved(Side side, const Real& x, const Real& y, const Share& a) {
  require(x.shape() == y.shape() && x.shape() == a.shape(), "shapes differ");
  require(&common_kernel(x, y) == &a.kernel(), "tensors of two units");
  charges::moved(x);
  return made<Real>(x.kernel(), x.shape(),
                    [&](auto& engine) { return engine.moved(side, x.view(), y.view(), a.view()); });
}
template <class Result>
Result sum_of_rows(const Result& x, Indices x_rows, const Result& y, Indices y_rows) {
  require(x_rows.size() == y_rows.size() && x.columns() == y.columns(), "one row for each, of the same length");
  require_indices(x_rows, x.rows(), "no such row");
  require_indices(y_rows, y.rows(), "no such row");
  Kernel& k = common_kernel(x, y);
  charges::sums(k, x_rows.size(), x.columns());
  return made<Result>(k, {x_rows.size(), x.columns()}, [&](auto& engine) {
    return engine.plus_rows_at(x.view(), x_rows, y.view(), y_rows, sign_of<Result>);
  });
}
template <class Result>
Result along_columns(Fold op, const Real& x) {
  require(x.columns() > 0 || op == Fold::sum || op == Fold::log_one_plus_sum_exp, "the largest of nothing");
  charges::fold(x, op);
  return made<Result>(x.kernel(), {x.rows(), 1},
                      [&](auto& engine) { return engine.fold(op, x.view(), sign_of<Result>); });
}
Real scan(Scan op, const Real& x) {
  charges::scan(x, op);
  return made<Real>(x.kernel(), x.shape(), [&](auto& engine) { return engine.scan(op, x.view()); });
}

} // namespace

Positive number(Kernel& k, std::uint64_t x) {
  return decimal(k, x, 0);
}
Positive decimal(Kernel& k, std::uint64_t a, unsigned b) {
  require(b <= 18, "more decimals than 18");
  std::uint64_t ten_to_b = 1;
  for (unsigned i = 0; i < b; ++i) ten_to_b *= 10;
  charges::copy(k, 1, 1);
  return made<Positive>(k, {1, 1}, [&](auto& engine) { return engine.ratio(a, ten_to_b); });
}
Positive pi(Kernel& k) {
  charges::copy(k, 1, 1);
  return made<Positive>(k, {1, 1}, [&](auto& engine) { return engine.pi(); });
}
Real signed_numbers(Kernel& k, Shape shape, std::span<const double> exact) {
  charges::copy(k, shape.rows, shape.columns);
  return made<Real>(k, shape, [&](auto& engine) {
    require(exact.size() == shape.size(), "numbers do not fill their shape");
    for (const double x : exact) require(std::isfinite(x), "not a number");
    return engine.exact(shape, exact);
  });
}
Positive numbers(Kernel& k, Shape shape, std::span<const double> exact) {
  for (const double x : exact) require(x >= 0, "a negative number");
  return Positive(k, signed_numbers(k, shape, exact).view());
}
Real any_number_in(const Real& x) {
  return elementwise<Real>(Unary::any_number_in, x);
}

Real gather_rows(const Real& x, Indices at) {
  require_indices(at, x.rows(), "no such row");
  charges::copy(x.kernel(), at.size(), x.columns());
  return made<Real>(x.kernel(), {at.size(), x.columns()}, [&](auto& engine) { return engine.rows_at(x.view(), at); });
}
Real gather_columns(const Real& x, Indices at) {
  require_indices(at, x.columns(), "no such column");
  charges::copy(x.kernel(), x.rows(), at.size());
  return made<Real>(x.kernel(), {x.rows(), at.size()}, [&](auto& engine) { return engine.columns_at(x.view(), at); });
}
Real gather_entries(const Real& x, Indices rows, Indices columns) {
  require(rows.size() == columns.size(), "a row and a column for each entry");
  require_indices(rows, x.rows(), "no such row");
  require_indices(columns, x.columns(), "no such column");
  charges::copy(x.kernel(), rows.size(), 1);
  return made<Real>(x.kernel(), {rows.size(), 1},
                    [&](auto& engine) { return engine.entries_at(x.view(), rows, columns); });
}
Real join(const Real& x, const Real& y) {
  require(x.rows() == y.rows(), "rows differ");
  const Shape shape{x.rows(), x.columns() + y.columns()};
  charges::copy(x.kernel(), shape.rows, shape.columns);
  return made<Real>(common_kernel(x, y), shape, [&](auto& engine) { return engine.join(x.view(), y.view()); });
}

Real replaced(const Real& x, Indices rows, Indices columns, const Real& by) {
  require(rows.size() == columns.size() && by.shape() == Shape{rows.size(), 1},
          "a row, a column and a number for each");
  require_indices(rows, x.rows(), "no such row");
  require_indices(columns, x.columns(), "no such column");
  charges::copy(x.kernel(), rows.size(), 1);
  return made<Real>(common_kernel(x, by), x.shape(),
                    [&](auto& engine) { return engine.replaced(x.view(), rows, columns, by.view()); });
}

Real operator+(const Real& x, const Real& y) {
  return elementwise<Real>(Binary::add, x, y);
}
Real operator-(const Real& x, const Real& y) {
  return elementwise<Real>(Binary::subtract, x, y);
}
Real operator*(const Positive& x, const Real& y) {
  return elementwise<Real>(Binary::multiply, x, y);
}
Real product(const Real& x, const Real& y) {
  return elementwise<Real>(Binary::product, x, y);
}
Positive operator+(const Positive& x, const Positive& y) {
  return elementwise<Positive>(Binary::add, x, y);
}
Positive operator*(const Positive& x, const Positive& y) {
  return elementwise<Positive>(Binary::multiply, x, y);
}
Positive exp(const Real& x) {
  return elementwise<Positive>(Unary::exp, x);
}
Real log(const Positive& x) {
  return elementwise<Real>(Unary::log, x);
}
Positive inverse(const Positive& x) {
  return elementwise<Positive>(Unary::inverse, x);
}
Positive root(const Positive& x, unsigned p) {
  require(p > 0, "a root of degree 0");
  charges::root(x);
  return made<Positive>(x.kernel(), x.shape(), [&](auto& engine) { return engine.root(x.view(), p); });
}
Positive positive_part(const Real& x) {
  return elementwise<Positive>(Unary::positive_part, x);
}
Positive absolute(const Real& x) {
  return elementwise<Positive>(Unary::absolute, x);
}
Positive square(const Real& x) {
  return elementwise<Positive>(Unary::square, x);
}
Positive normal_cdf(const Real& x) {
  return elementwise<Positive>(Unary::normal_cdf, x);
}
Real larger(const Real& x, const Real& y) {
  return elementwise<Real>(Binary::larger, x, y);
}
Positive larger(const Positive& x, const Positive& y) {
  return elementwise<Positive>(Binary::larger, x, y);
}
Positive smaller(const Positive& x, const Positive& y) {
  return elementwise<Positive>(Binary::smaller, x, y);
}
Share share(const Positive& part, const Positive& rest) {
  return Share(part.kernel(), elementwise<Positive>(Binary::share, part, rest).view());
}
Real near(const Real& x, const Positive& radius) {
  return elementwise<Real>(Binary::near, x, radius);
}
Real exchanged(const Real& sum, const Real& term, const Real& other) {
  require(sum.shape() == term.shape() && sum.shape() == other.shape(), "shapes differ");
  require(&common_kernel(sum, term) == &other.kernel(), "tensors of two units");
  charges::exchanged(sum);
  return made<Real>(sum.kernel(), sum.shape(),
                    [&](auto& engine) { return engine.exchanged(sum.view(), term.view(), other.view()); });
}
Real raised(const Real& x, const Real& y, const Share& a) {
  return moved(Side::larger, x, y, a);
}
Real lowered(const Real& x, const Real& y, const Share& a) {
  return moved(Side::smaller, x, y, a);
}
Real plus_rows_at(const Real& x, const Real& y, Indices at) {
  return sum_of_rows(x, each(x.rows()), y, at);
}
Positive plus_rows_at(const Positive& x, const Positive& y, Indices at) {
  return sum_of_rows(x, each(x.rows()), y, at);
}
Real plus_rows_at(const Real& x, Indices x_rows, const Real& y, Indices y_rows) {
  return sum_of_rows(x, x_rows, y, y_rows);
}
Real minus_column(const Real& x, Indices at, std::size_t own) {
  require(own < x.columns(), "no such column");
  require_indices(at, x.columns(), "no such column");
  charges::sums(x.kernel(), x.rows(), at.size());
  return made<Real>(x.kernel(), {x.rows(), at.size()},
                    [&](auto& engine) { return engine.minus_column(x.view(), at, own); });
}
namespace {
template <class OfOwn>
Real less_own(const Real& x, Indices own, OfOwn of_own) {
  require(own.size() == x.rows(), "one column for each row");
  require_indices(own, x.columns(), "no such column");
  charges::sums(x.kernel(), x.rows(), x.columns());
  return made<Real>(x.kernel(), x.shape(),
                    [&](auto& engine) { return engine.minus_entries(x.view(), of_own(engine), own); });
}
} // namespace
Real minus_entries(const Real& x, Indices own) {
  return less_own(x, own, [&](auto& engine) {
    return View{engine.entries_at(x.view(), each(own.size()), own), {own.size(), 1}, 0, 1, 1};
  });
}
Real minus_entries(const Real& x, const Real& of_own, Indices own) {
  require(of_own.shape() == Shape{x.rows(), 1}, "a number for each row");
  require(&x.kernel() == &of_own.kernel(), "tensors of two units");
  return less_own(x, own, [&](auto&) { return of_own.view(); });
}

Real largest(const Real& x) {
  return along_columns<Real>(Fold::largest, x);
}
Real smallest(const Real& x) {
  return along_columns<Real>(Fold::smallest, x);
}
Real sum(const Real& x) {
  return along_columns<Real>(Fold::sum, x);
}
Positive sum(const Positive& x) {
  return along_columns<Positive>(Fold::sum, x);
}
Real log_sum_exp(const Real& x) {
  return along_columns<Real>(Fold::log_sum_exp, x);
}
Positive log_one_plus_sum_exp(const Real& x) {
  return along_columns<Positive>(Fold::log_one_plus_sum_exp, x);
}
Real largest_so_far(const Real& x) {
  return scan(Scan::largest_so_far, x);
}
Real largest_of_others(const Real& x) {
  require(x.columns() > 1, "no other column");
  return scan(Scan::largest_of_others, x);
}
Real largest_without(const Real& x, Indices without) {
  require(x.columns() > 1, "no other column");
  require(without.size() == x.rows(), "one column for each row");
  require_indices(without, x.columns(), "no such column");
  charges::largest_without(x);
  return made<Real>(x.kernel(), {x.rows(), 1}, [&](auto& engine) { return engine.largest_without(x.view(), without); });
}

} // namespace verifier::kernel
