// Rows with rows, sums of rows, and weights.
#include "making.hpp"

#include <algorithm>
#include <cmath>

namespace verifier::kernel {
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
  charges::dots(k, x_rows.size(), 1, x.columns());
  const Lease of_x = hold_copy(k, x), of_y = hold_copy(k, y);
  return made<Positive>(k, {x_rows.size(), 1},
                        [&](auto& engine) { return engine.dots(x.view(), x_rows, y.view(), y_rows); });
}
Positive dots(const Positive& x, Indices x_rows, const Positive& y, Indices y_rows, const Lists& at) {
  Kernel& k = require_pairs(x, x_rows, y, y_rows);
  require(at.size() == x_rows.size(), "a list of columns for each pair");
  require_indices(at.members, x.columns(), "no such column");
  charges::dots_of_lists(k, 1, at);
  const Lease of_x = hold_copy(k, x), of_y = hold_copy(k, y);
  return made<Positive>(k, {x_rows.size(), 1},
                        [&](auto& engine) { return engine.dots(x.view(), x_rows, y.view(), y_rows, at); });
}
Real largest_sums(const Real& x, Indices x_rows, const Real& y, Indices y_rows, Indices without) {
  Kernel& k = require_pairs(x, x_rows, y, y_rows);
  require(x.columns() > 1, "nothing is left");
  require(without.size() == x.rows(), "one column a row is left out");
  require_indices(without, x.columns(), "no such column");
  charges::largest_sums(k, x_rows.size(), 1, x.columns());
  const Lease of_x = hold_copy(k, x), of_y = hold_copy(k, y);
  return made<Real>(k, {x_rows.size(), 1},
                    [&](auto& engine) { return engine.largest_sums(x.view(), x_rows, y.view(), y_rows, without); });
}

Real sum_of_multiples(const std::vector<Multiple>& terms) {
  require(!terms.empty(), "a sum of no rows");
  const Shape shape{terms.front().times.rows(), terms.front().table.columns()};
  Kernel& k = terms.front().table.kernel();
  for (const auto& [times, table, at] : terms) {
    require(&common_kernel(times, table) == &k, "tensors of two units");
    require(times.shape() == Shape{shape.rows, 1} && at.size() == shape.rows, "a number and a row for each");
    require(table.columns() == shape.columns, "rows of different lengths");
    require_indices(at, table.rows(), "no such row");
  }
  charges::dots(k, shape.rows, shape.columns, terms.size());
  return made<Real>(k, shape, [&](auto& engine) { return engine.sum_of_multiples(shape, terms); });
}

Positive sums_before(const Positive& x) {
  charges::sums(x.kernel(), x.rows(), x.columns());
  return made<Positive>(x.kernel(), {x.rows() + 1, x.columns()},
                        [&](auto& engine) { return engine.sums_before(x.view()); });
}

namespace {
void require_labels(const Real& x, Indices labels, std::size_t count) {
  require(labels.size() == x.rows(), "a label for each row");
  require_indices(labels, count, "no such label");
}
template <class Result>
Result summed_by_label(const Result& x, Indices labels, std::size_t count) {
  require_labels(x, labels, count);
  charges::sums(x.kernel(), x.rows(), x.columns());
  return made<Result>(x.kernel(), {count, x.columns()},
                      [&](auto& engine) { return engine.sums_by_label(x.view(), labels, count, sign_of<Result>); });
}
} // namespace
Positive sums_by_label(const Positive& x, Indices labels, std::size_t count) {
  return summed_by_label(x, labels, count);
}
Real sums_by_label(const Real& x, Indices labels, std::size_t count) {
  return summed_by_label(x, labels, count);
}
Real hulls_by_label(const Real& x, Indices labels, std::size_t count) {
  require_labels(x, labels, count);
  std::vector<bool> occurs(count);
  for (const Index label : labels) occurs[label] = true;
  require(std::ranges::find(occurs, false) == occurs.end(), "a label without rows");
  charges::hulls(x);
  return made<Real>(x.kernel(), {count, x.columns()},
                    [&](auto& engine) { return engine.hulls_by_label(x.view(), labels, count); });
}

Positive sums_of_any(const Positive& b) {
  charges::sums_of_any(b);
  return made<Positive>(b.kernel(), {b.rows(), b.columns() + 1},
                        [&](auto& engine) { return engine.sums_of_any(b.view()); });
}

namespace {
Weights stored_weights(Kernel& k, Shape shape, std::span<const double> stored) {
  charges::copy(k, shape.rows, shape.columns);
  return made<Weights>(k, shape, [&](auto& engine) {
    require(stored.size() == shape.size(), "weights do not fill their shape");
    for (const double x : stored) require(std::isfinite(x), "not a number");
    return engine.weights(shape, stored);
  });
}
} // namespace
Weights::Weights(Kernel& k, Shape shape, std::span<const double> stored) : Weights(stored_weights(k, shape, stored)) {}
Weights gather_rows(const Weights& x, Indices at) {
  require_indices(at, x.rows(), "no such row");
  charges::copy(x.kernel(), at.size(), x.columns());
  return made<Weights>(x.kernel(), {at.size(), x.columns()},
                       [&](auto& engine) { return engine.weights_rows_at(x.view(), at); });
}
Weights operator+(const Weights& x, const Weights& y) {
  require(x.shape() == y.shape(), "shapes differ");
  Kernel& k = common_kernel(x, y);
  charges::sums(k, x.rows(), x.columns());
  return made<Weights>(k, x.shape(), [&](auto& engine) { return engine.weights_add(x.view(), y.view()); });
}
Weights operator-(const Weights& x, const Weights& y) {
  require(x.shape() == y.shape(), "shapes differ");
  Kernel& k = common_kernel(x, y);
  charges::sums(k, x.rows(), x.columns());
  return made<Weights>(k, x.shape(), [&](auto& engine) { return engine.weights_subtract(x.view(), y.view()); });
}
Weights add_to_rows(const Weights& x, const Weights& row) {
  return x + repeat_rows(row, x.rows());
}
Weights operator*(const Weights& x, const Weights& y) {
  require(x.columns() == y.rows(), "shapes do not fit");
  Kernel& k = common_kernel(x, y);
  charges::dots(k, x.rows(), y.columns(), x.columns());
  const Lease of_x = hold_copy(k, x), of_y = hold_copy(k, y);
  return made<Weights>(k, {x.rows(), y.columns()},
                       [&](auto& engine) { return engine.weights_product(x.view(), y.view()); });
}
Weights shifted(const Weights& x, const Real& by) {
  require(by.rows() == x.rows() && by.columns() == 1, "one number a row");
  Kernel& k = common_kernel(x, by);
  charges::sums(k, x.rows(), x.columns());
  return made<Weights>(k, x.shape(), [&](auto& engine) { return engine.weights_shifted(x.view(), by.view()); });
}
Real linear(const Real& x, const Weights& w) {
  require(x.columns() == w.rows(), "shapes do not fit");
  Kernel& k = common_kernel(x, w);
  charges::dots(k, x.rows(), w.columns(), x.columns());
  const Lease of_x = hold_copy(k, x), of_w = hold_copy(k, w);
  return made<Real>(k, {x.rows(), w.columns()}, [&](auto& engine) { return engine.linear(x.view(), w.view()); });
}
Real linear_at(const Real& x, const Weights& w, const Lists& at) {
  require(x.columns() == w.rows(), "shapes do not fit");
  require(at.size() == w.columns(), "a list of rows for each column");
  require_indices(at.members, w.rows(), "no such row");
  Kernel& k = common_kernel(x, w);
  charges::dots_of_lists(k, x.rows(), at);
  const Lease of_x = hold_copy(k, x), of_w = hold_copy(k, w);
  return made<Real>(k, {x.rows(), w.columns()}, [&](auto& engine) { return engine.linear_at(x.view(), w.view(), at); });
}
Real linear_entries(const Real& x, Indices rows, const Weights& w, Indices columns) {
  require(x.columns() == w.rows(), "shapes do not fit");
  require(x.columns() > 0, "a sum of nothing");
  require(rows.size() == columns.size(), "a row and a column for each entry");
  require_indices(rows, x.rows(), "no such row");
  require_indices(columns, w.columns(), "no such column");
  Kernel& k = common_kernel(x, w);
  charges::dots(k, rows.size(), 1, x.columns());
  const Lease of_x = hold_copy(k, x), of_w = hold_copy(k, w);
  return made<Real>(k, {rows.size(), 1},
                    [&](auto& engine) { return engine.linear_entries(x.view(), rows, w.view(), columns); });
}
Real rounded(const Weights& x) {
  charges::copy(x.kernel(), x.rows(), x.columns());
  return made<Real>(x.kernel(), x.shape(), [&](auto& engine) { return engine.weights_rounded(x.view()); });
}

} // namespace verifier::kernel
