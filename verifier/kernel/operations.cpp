// Operations check shapes, charge, and hand over to the engine. What an operation is charged stands here and nowhere else:
// schema/FORMAT.md's table of charges is this file. Elements of a result are held, too, before it is made.
#include "engine.hpp"

#include <cmath>

namespace verifier::kernel {
namespace {

template <class F>
View made(Kernel& k, Shape shape, F make) {
  Lease lease = k.meter.hold(shape.rows, shape.columns);
  const Made numbers = make();
  numbers->engine = &k.engine;
  numbers->lease = std::move(lease);
  return {numbers, shape, 0, shape.columns, 1};
}
void charge(Kernel& k, Operation kind, std::initializer_list<std::uint64_t> factors) {
  k.meter.charge(kind, factors);
}
void charge_each(const Tensor& x, Operation kind) {
  charge(x.kernel(), kind, {x.rows(), x.columns()});
}
std::uint64_t less_one(std::uint64_t n) {
  return n == 0 ? 0 : n - 1;
} // steps of a sum or a maximum of n

// What an operation may copy of an operand while it works. Where nothing is repeated, a copy is no larger than what is alive.
Lease hold_copy(Kernel& k, const Tensor& x) {
  const View& v = x.view();
  const bool repeats = (v.row_stride == 0 && x.rows() > 1) || (v.column_stride == 0 && x.columns() > 1);
  return repeats ? k.meter.hold(x.rows(), x.columns()) : Lease();
}

Kernel& common_kernel(const Tensor& x, const Tensor& y) {
  require(&x.kernel() == &y.kernel(), "tensors of two units");
  return x.kernel();
}
void require_indices(Indices at, std::size_t count, const char* what) {
  for (const Index i : at) require(i < count, what);
}

template <class Result>
Result elementwise(Binary op, Operation charged, const Real& x, const Real& y) {
  require(x.shape() == y.shape(), "shapes differ");
  Kernel& k = common_kernel(x, y);
  charge_each(x, charged);
  constexpr Sign sign = std::is_same_v<Result, Positive> ? Sign::not_negative : Sign::any;
  return Result(k, made(k, x.shape(), [&] { return k.engine.binary(op, x.view(), y.view(), sign); }));
}
Real moved(Side side, const Real& x, const Real& y, const Share& a) {
  require(x.shape() == y.shape() && x.shape() == a.shape(), "shapes differ");
  Kernel& k = common_kernel(x, y);
  require(&k == &a.kernel(), "tensors of two units");
  charge(k, Operation::add, {2, x.rows(), x.columns()});
  charge_each(x, Operation::mul), charge_each(x, Operation::compare);
  return Real(k, made(k, x.shape(), [&] { return k.engine.moved(side, x.view(), y.view(), a.view()); }));
}
Real scan(Scan op, const Real& x, std::uint64_t comparisons_each) {
  Kernel& k = x.kernel();
  charge(k, Operation::compare, {x.rows(), comparisons_each});
  return Real(k, made(k, x.shape(), [&] { return k.engine.scan(op, x.view()); }));
}
template <class Result>
Result elementwise(Unary op, Operation charged, const Real& x) {
  charge_each(x, charged);
  Kernel& k = x.kernel();
  return Result(k, made(k, x.shape(), [&] { return k.engine.unary(op, x.view()); }));
}
template <class Result>
Result along_columns(Fold op, Operation charged, const Real& x) {
  require(x.columns() > 0 || op == Fold::sum || op == Fold::log_one_plus_sum_exp, "the largest of nothing");
  Kernel& k = x.kernel();
  charge(k, charged, {x.rows(), less_one(x.columns())});
  if (op == Fold::log_one_plus_sum_exp) charge(k, Operation::add, {x.rows()});
  if (op == Fold::log_sum_exp || op == Fold::log_one_plus_sum_exp)
    charge_each(x, Operation::exp), charge(k, Operation::log, {x.rows()});
  constexpr Sign sign = std::is_same_v<Result, Positive> ? Sign::not_negative : Sign::any;
  return Result(k, made(k, {x.rows(), 1}, [&] { return k.engine.fold(op, x.view(), sign); }));
}

} // namespace

Positive number(Kernel& k, std::uint64_t x) {
  charge(k, Operation::read, {1});
  return Positive(k, made(k, {1, 1}, [&] { return k.engine.integer(x); }));
}
Real signed_numbers(Kernel& k, Shape shape, std::span<const double> exact) {
  charge(k, Operation::read, {shape.rows, shape.columns});
  return Real(k, made(k, shape, [&] {
                require(exact.size() == shape.size(), "numbers do not fill their shape");
                for (const double x : exact) require(std::isfinite(x), "not a number");
                return k.engine.exact(shape, exact);
              }));
}
Positive numbers(Kernel& k, Shape shape, std::span<const double> exact) {
  for (const double x : exact) require(x >= 0, "a negative number");
  return Positive(k, signed_numbers(k, shape, exact).view());
}
Real any_number_in(const Real& x) {
  return elementwise<Real>(Unary::any_number_in, Operation::read, x);
}

Real gather_rows(const Real& x, Indices at) {
  require_indices(at, x.rows(), "no such row");
  Kernel& k = x.kernel();
  charge(k, Operation::read, {at.size(), x.columns()});
  return Real(k, made(k, {at.size(), x.columns()}, [&] { return k.engine.rows_at(x.view(), at); }));
}
Real gather_columns(const Real& x, Indices at) {
  require_indices(at, x.columns(), "no such column");
  Kernel& k = x.kernel();
  charge(k, Operation::read, {x.rows(), at.size()});
  return Real(k, made(k, {x.rows(), at.size()}, [&] { return k.engine.columns_at(x.view(), at); }));
}
Real pick_entries(const Real& x, Indices columns) {
  require(columns.size() == x.rows(), "one column a row");
  require_indices(columns, x.columns(), "no such column");
  Kernel& k = x.kernel();
  charge(k, Operation::read, {x.rows()});
  return Real(k, made(k, {x.rows(), 1}, [&] { return k.engine.pick(x.view(), columns); }));
}
Real gather_entries(const Real& x, Indices rows, Indices columns) {
  require(rows.size() == columns.size(), "a row and a column for each entry");
  require_indices(rows, x.rows(), "no such row");
  require_indices(columns, x.columns(), "no such column");
  Kernel& k = x.kernel();
  charge(k, Operation::read, {rows.size()});
  return Real(k, made(k, {rows.size(), 1}, [&] { return k.engine.entries_at(x.view(), rows, columns); }));
}
Real join(const Real& x, const Real& y) {
  require(x.rows() == y.rows(), "rows differ");
  Kernel& k = common_kernel(x, y);
  charge_each(x, Operation::read), charge_each(y, Operation::read);
  return Real(k, made(k, {x.rows(), x.columns() + y.columns()}, [&] { return k.engine.join(x.view(), y.view()); }));
}

Real operator+(const Real& x, const Real& y) {
  return elementwise<Real>(Binary::add, Operation::add, x, y);
}
Real operator-(const Real& x, const Real& y) {
  return elementwise<Real>(Binary::subtract, Operation::add, x, y);
}
Real operator*(const Positive& x, const Real& y) {
  return elementwise<Real>(Binary::multiply, Operation::mul, x, y);
}
Positive operator+(const Positive& x, const Positive& y) {
  return elementwise<Positive>(Binary::add, Operation::add, x, y);
}
Positive operator*(const Positive& x, const Positive& y) {
  return elementwise<Positive>(Binary::multiply, Operation::mul, x, y);
}
Positive exp(const Real& x) {
  return elementwise<Positive>(Unary::exp, Operation::exp, x);
}
Real log(const Positive& x) {
  return elementwise<Real>(Unary::log, Operation::log, x);
}
Positive inverse(const Positive& x) {
  return elementwise<Positive>(Unary::inverse, Operation::div, x);
}
Positive root(const Positive& x) {
  return elementwise<Positive>(Unary::root, Operation::sqrt, x);
}
Positive root(const Positive& x, unsigned p) {
  require(p > 0, "a root of degree 0");
  charge_each(x, Operation::sqrt);
  Kernel& k = x.kernel();
  return Positive(k, made(k, x.shape(), [&] { return k.engine.root(x.view(), p); }));
}
Positive positive_part(const Real& x) {
  return elementwise<Positive>(Unary::positive_part, Operation::compare, x);
}
Real larger(const Real& x, const Real& y) {
  return elementwise<Real>(Binary::larger, Operation::compare, x, y);
}
Real smaller(const Real& x, const Real& y) {
  return elementwise<Real>(Binary::smaller, Operation::compare, x, y);
}
Positive larger(const Positive& x, const Positive& y) {
  return elementwise<Positive>(Binary::larger, Operation::compare, x, y);
}
Positive smaller(const Positive& x, const Positive& y) {
  return elementwise<Positive>(Binary::smaller, Operation::compare, x, y);
}
Share share(const Positive& part, const Positive& rest) {
  charge_each(part, Operation::add);
  return Share(part.kernel(), elementwise<Positive>(Binary::share, Operation::div, part, rest).view());
}
Real raised(const Real& x, const Real& y, const Share& a) {
  return moved(Side::larger, x, y, a);
}
Real lowered(const Real& x, const Real& y, const Share& a) {
  return moved(Side::smaller, x, y, a);
}
namespace {
View sum_with_rows(const Real& x, const Real& y, Indices at, Sign sign) {
  require(at.size() == x.rows() && x.columns() == y.columns(), "one row for each, of the same length");
  require_indices(at, y.rows(), "no such row");
  Kernel& k = common_kernel(x, y);
  charge_each(x, Operation::add);
  return made(k, x.shape(), [&] { return k.engine.plus_rows_at(x.view(), y.view(), at, sign); });
}
} // namespace
Real plus_rows_at(const Real& x, const Real& y, Indices at) {
  return Real(x.kernel(), sum_with_rows(x, y, at, Sign::any));
}
Positive plus_rows_at(const Positive& x, const Positive& y, Indices at) {
  return Positive(x.kernel(), sum_with_rows(x, y, at, Sign::not_negative));
}
Real minus_column(const Real& x, Indices at, std::size_t own) {
  require(own < x.columns(), "no such column");
  require_indices(at, x.columns(), "no such column");
  Kernel& k = x.kernel();
  charge(k, Operation::add, {x.rows(), at.size()});
  return Real(k, made(k, {x.rows(), at.size()}, [&] { return k.engine.minus_column(x.view(), at, own); }));
}
Real minus_column(const Real& x, std::size_t own) {
  require(own < x.columns(), "no such column");
  charge_each(x, Operation::add);
  Kernel& k = x.kernel();
  return Real(k, made(k, x.shape(), [&] { return k.engine.minus_column(x.view(), own); }));
}

Real largest(const Real& x) {
  return along_columns<Real>(Fold::largest, Operation::compare, x);
}
Real smallest(const Real& x) {
  return along_columns<Real>(Fold::smallest, Operation::compare, x);
}
Real sum(const Real& x) {
  return along_columns<Real>(Fold::sum, Operation::add, x);
}
Positive sum(const Positive& x) {
  return along_columns<Positive>(Fold::sum, Operation::add, x);
}
Real log_sum_exp(const Real& x) {
  return along_columns<Real>(Fold::log_sum_exp, Operation::add, x);
}
Positive log_one_plus_sum_exp(const Real& x) {
  return along_columns<Positive>(Fold::log_one_plus_sum_exp, Operation::add, x);
}
Real largest_so_far(const Real& x) {
  return scan(Scan::largest_so_far, x, less_one(x.columns()));
}
Real largest_of_others(const Real& x) { // the two largest of a row, by two comparisons an entry
  require(x.columns() > 1, "no other column");
  return scan(Scan::largest_of_others, x, 2 * x.columns());
}

Positive dots(const Positive& x, const Positive& y) {
  require(x.columns() == y.columns(), "rows of different lengths");
  Kernel& k = common_kernel(x, y);
  charge(k, Operation::mul, {x.rows(), y.rows(), x.columns()});
  charge(k, Operation::add, {x.rows(), y.rows(), less_one(x.columns())});
  const Lease of_x = hold_copy(k, x), of_y = hold_copy(k, y);
  return Positive(k, made(k, {x.rows(), y.rows()}, [&] { return k.engine.dots(x.view(), y.view()); }));
}
Real largest_sums(const Real& x, const Real& y, Indices without) {
  require(x.columns() == y.columns() && x.columns() > 1, "rows of different lengths, or nothing is left");
  require(without.size() == x.rows(), "one column a row is left out");
  require_indices(without, x.columns(), "no such column");
  Kernel& k = common_kernel(x, y);
  charge(k, Operation::add, {x.rows(), y.rows(), x.columns() - 1});
  charge(k, Operation::compare, {x.rows(), y.rows(), x.columns() - 2});
  const Lease of_x = hold_copy(k, x), of_y = hold_copy(k, y);
  return Real(k, made(k, {x.rows(), y.rows()}, [&] { return k.engine.largest_sums(x.view(), y.view(), without); }));
}

namespace {
Kernel& require_pairs(const Real& x, Indices x_rows, const Real& y, Indices y_rows) {
  require(x.columns() == y.columns(), "rows of different lengths");
  require(x_rows.size() == y_rows.size(), "rows do not pair");
  require_indices(x_rows, x.rows(), "no such row");
  require_indices(y_rows, y.rows(), "no such row");
  return common_kernel(x, y);
}
} // namespace
Positive dots(const Positive& x, Indices x_rows, const Positive& y, Indices y_rows) {
  Kernel& k = require_pairs(x, x_rows, y, y_rows);
  charge(k, Operation::mul, {x_rows.size(), x.columns()});
  charge(k, Operation::add, {x_rows.size(), less_one(x.columns())});
  const Lease of_x = hold_copy(k, x), of_y = hold_copy(k, y);
  return Positive(k, made(k, {x_rows.size(), 1}, [&] { return k.engine.dots(x.view(), x_rows, y.view(), y_rows); }));
}
Positive dots(const Positive& x, Indices x_rows, const Positive& y, Indices y_rows, const Lists& at) {
  Kernel& k = require_pairs(x, x_rows, y, y_rows);
  require(at.size() == x_rows.size(), "a list of columns for each pair");
  require_indices(at.members, x.columns(), "no such column");
  std::uint64_t sums = 0;
  for (std::size_t i = 0; i < at.size(); ++i) sums += less_one(at[i].size());
  charge(k, Operation::mul, {at.members.size()}), charge(k, Operation::add, {sums});
  const Lease of_x = hold_copy(k, x), of_y = hold_copy(k, y);
  return Positive(k,
                  made(k, {x_rows.size(), 1}, [&] { return k.engine.dots(x.view(), x_rows, y.view(), y_rows, at); }));
}
Real largest_sums(const Real& x, Indices x_rows, const Real& y, Indices y_rows, Indices without) {
  Kernel& k = require_pairs(x, x_rows, y, y_rows);
  require(x.columns() > 1, "nothing is left");
  require(without.size() == x.rows(), "one column a row is left out");
  require_indices(without, x.columns(), "no such column");
  charge(k, Operation::add, {x_rows.size(), x.columns() - 1});
  charge(k, Operation::compare, {x_rows.size(), x.columns() - 2});
  const Lease of_x = hold_copy(k, x), of_y = hold_copy(k, y);
  return Real(k, made(k, {x_rows.size(), 1},
                      [&] { return k.engine.largest_sums(x.view(), x_rows, y.view(), y_rows, without); }));
}

Positive sums_before(const Positive& x) {
  charge_each(x, Operation::add);
  Kernel& k = x.kernel();
  return Positive(k, made(k, {x.rows() + 1, x.columns()}, [&] { return k.engine.sums_before(x.view()); }));
}

Positive sums_of_any(const Positive& b) {
  Kernel& k = b.kernel();
  const std::size_t n = b.columns();
  charge(k, Operation::compare, {b.rows(), n, less_one(n)}); // sorting, twice: not above n (n - 1) / 2 comparisons each
  charge(k, Operation::add, {b.rows(), n});
  return Positive(k, made(k, {b.rows(), n + 1}, [&] { return k.engine.sums_of_any(b.view()); }));
}

std::size_t negative_rows(const Real& x, std::optional<std::size_t> without) {
  require(!without || *without < x.columns(), "no such column");
  charge(x.kernel(), Operation::compare, {x.rows(), x.columns() - (without ? 1 : 0)});
  return x.kernel().engine.negative_rows(x.view(), without.value_or(x.columns()));
}
std::vector<bool> negative(const Real& x) {
  charge_each(x, Operation::compare);
  const Lease signs = x.kernel().meter.hold(x.rows(), x.columns());
  return x.kernel().engine.negative(x.view());
}
std::vector<bool> not_negative(const Real& x) {
  charge_each(x, Operation::compare);
  const Lease signs = x.kernel().meter.hold(x.rows(), x.columns());
  return x.kernel().engine.not_negative(x.view());
}

Weights::Weights(Kernel& k, Shape shape, std::span<const double> stored)
    : Tensor(k, (charge(k, Operation::read, {shape.rows, shape.columns}), made(k, shape, [&] {
                   require(stored.size() == shape.size(), "weights do not fill their shape");
                   for (const double x : stored) require(std::isfinite(x), "not a number");
                   return k.engine.weights(shape, stored);
                 }))) {}
Weights add_to_rows(const Weights& x, const Weights& row) {
  const View repeated = repeat(row.view(), x.rows(), x.columns());
  Kernel& k = common_kernel(x, row);
  charge_each(x, Operation::add);
  return Weights(k, made(k, x.shape(), [&] { return k.engine.weights_add(x.view(), repeated); }));
}
Weights operator*(const Weights& x, const Weights& y) {
  require(x.columns() == y.rows(), "shapes do not fit");
  Kernel& k = common_kernel(x, y);
  const Shape shape{x.rows(), y.columns()};
  charge(k, Operation::mul, {shape.rows, shape.columns, x.columns()});
  charge(k, Operation::add, {shape.rows, shape.columns, less_one(x.columns())});
  const Lease of_x = hold_copy(k, x), of_y = hold_copy(k, y);
  return Weights(k, made(k, shape, [&] { return k.engine.weights_product(x.view(), y.view()); }));
}
Real rounded(const Weights& x) {
  charge_each(x, Operation::read);
  Kernel& k = x.kernel();
  return Real(k, made(k, x.shape(), [&] { return k.engine.weights_rounded(x.view()); }));
}

// ---- ends, in steps --------------------------------------------------------------------------------------------------

namespace {
void require_multiplicities(const Real& x, const Multiplicities& times) {
  require(times.kind.size() == x.rows() * x.columns(), "a kind for each entry");
  require_indices(times.kind, times.times.size(), "no such kind");
}
// The sum over the kinds of how often one counts, so many entries each.
Integer weighted(const Multiplicities& times, std::span<const std::uint64_t> entries) {
  Integer total;
  for (std::size_t i = 0; i < entries.size(); ++i) total += times.times[i] * entries[i];
  return total;
}
Integer count(const Multiplicities& times, const std::vector<bool>& counts) {
  std::vector<std::uint64_t> entries(times.times.size());
  for (std::size_t i = 0; i < counts.size(); ++i) entries[times.kind[i]] += counts[i] ? 1 : 0;
  return weighted(times, entries);
}
void add_multiple(Total& total, const Ends& e, const Integer& times) {
  total.lower += times * (times < 0 ? e.upper : e.lower), total.upper += times * (times < 0 ? e.lower : e.upper);
}
} // namespace

Integer Multiplicities::sum() const {
  return count(*this, std::vector<bool>(kind.size(), true));
}
void Total::add(const Real& x) {
  charge_each(x, Operation::add);
  const Ends e = x.kernel().engine.total(x.view());
  lower += e.lower, upper += e.upper;
}
void Total::add(const Real& x, const Integer& times) {
  charge_each(x, Operation::add), charge(x.kernel(), Operation::mul, {1});
  add_multiple(*this, x.kernel().engine.total(x.view()), times);
}
void Total::add(const Real& x, const Multiplicities& times) {
  charge_each(x, Operation::mul), charge_each(x, Operation::add);
  require_multiplicities(x, times);
  const std::vector<Ends> sums = x.kernel().engine.totals(x.view(), times.kind, times.times.size());
  for (std::size_t kind = 0; kind < sums.size(); ++kind) add_multiple(*this, sums[kind], times.times[kind]);
}
void Least::add(const Real& x) {
  charge_each(x, Operation::compare);
  if (x.rows() == 0 || x.columns() == 0) return;
  Ends e = x.kernel().engine.least(x.view());
  add(Least{std::move(e.lower), std::move(e.upper)});
}
void Least::add(const Least& x) {
  if (x.lower && (!lower || *x.lower < *lower)) lower = x.lower;
  if (x.upper && (!upper || *x.upper < *upper)) upper = x.upper;
}
Integer most_of_ln_2(Kernel& k, const Total& total) {
  static const Integer ln_2("b17217f7d1cf79abc9e3b39803f2f6a", 16); // of 2^-124: rounded down
  charge(k, Operation::div, {1});
  return total.upper < 0 ? Integer(0) : Integer((total.upper << 64) / ln_2);
}
Integer count_negative(const Real& x, const Multiplicities& times) {
  require_multiplicities(x, times);
  charge_each(x, Operation::add);
  return count(times, negative(x));
}
Integer count_not_negative(const Real& x, const Multiplicities& times) {
  require_multiplicities(x, times);
  charge_each(x, Operation::add);
  return count(times, not_negative(x));
}

} // namespace verifier::kernel
