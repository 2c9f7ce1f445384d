// Every operation at least once, on tensors drawn at random.
#pragma once

#include "draws.hpp"

namespace verifier::kernel {

inline constexpr std::size_t sets = 3; // the first expressions: wider than their roundings
inline std::vector<Real> expressions(Kernel& k, const ::Draws& d) {
  const Positive x0 = numbers(k, d.shape, d.a), y0 = numbers(k, d.shape, d.b), z0 = numbers(k, d.other, d.c);
  const Real m = x0 - y0;
  const Positive x = exp(m), y = x0 + x, z = exp(numbers(k, d.other, d.c) - z0); // wide by rounding; near one
  const Weights w(k, d.shape, d.w), v(k, {d.shape.columns, d.other.rows}, d.v);
  const std::vector<Index> twice{0, 0};
  Lists a_list_each; // of the rows of w
  for (std::size_t i = 0; i < d.shape.rows; ++i) a_list_each.add(d.lists[i]);
  const Positive times = rows_at(column(x, 0), d.x_rows);
  std::vector<Real> r{sums_of_any(x),
                      near(m, x),
                      hulls_by_label(m, std::vector<Index>(m.rows(), 0), 1),
                      m,
                      x,
                      y,
                      x * y,
                      y0 * m,
                      log(x),
                      inverse(y),
                      root(y),
                      positive_part(m),
                      largest(m),
                      sum(x),
                      log_sum_exp(m),
                      log(all_dots(x, z)),
                      transposed(column(x, 0)),
                      beside(x, y),
                      rows_at(m, twice),
                      columns_at(m, twice),
                      repeat_rows(row(m, 0), 2) + rows_at(m, twice),
                      minus_entries(m, d.columns),
                      product(m, y0 - y),
                      square(m),
                      normal_cdf(m),
                      normal_cdf(m - y - y - y - y - y),
                      sum(m),
                      linear(m, v),
                      linear(transposed(m), transposed(v * transposed(v) * transposed(w))),
                      pi(k),
                      decimal(k, 44715, 6),
                      minus_column(m, d.columns, d.columns[0]),
                      plus_rows_at(rows_at(m, twice), y - x, twice),
                      plus_rows_at(rows_at(x, twice), y, twice),
                      smaller(larger(x, y), x0),
                      share(x, y),
                      raised(m, y0 - y, share(x, y)),
                      lowered(m, y0 - y, share(x, y)),
                      smallest(m),
                      log_one_plus_sum_exp(m),
                      log_one_plus_sum_exp(m - y - y - y - y - y),
                      log_one_plus_sum_exp(columns(m, 0, 0)),
                      largest_so_far(m),
                      above(m, m - y),
                      log(diagonal(all_dots(x, x))),
                      log(sum(in_rows_of(in_one_column(x), d.shape.columns))),
                      in_one_column(transposed(row(x, 0))),
                      log(all_dots(transposed(z), transposed(z))),
                      entries_at(m, d.x_rows, d.entry_columns),
                      in_rows_of(entries_at(x, d.x_rows, d.entry_columns), 2),
                      root(x, 3),
                      root(y0, 1),
                      root(y0, 7),
                      root(y0, 63),
                      sums_before(x),
                      sums_by_label(x, d.labels, 3),
                      log(dots(x, d.x_rows, z, d.y_rows)),
                      dots(x, d.x_rows, z, d.y_rows, d.lists),
                      exchanged(m + near(m, x), near(m, x), y - x),
                      absolute(m),
                      plus_rows_at(m, d.x_rows, z0 - z, d.y_rows),
                      minus_entries(m, column(y - x, 0), d.columns),
                      sums_by_label(m, d.labels, 3),
                      hulls_by_label(m, each(m.rows()), m.rows()),
                      rounded(rows_at(w * v, twice)),
                      rounded(w * v),
                      rounded(shifted(w * v, column(x0, 0))),
                      rounded((w + w) * v - w * v),
                      linear_at(m, transposed(w), a_list_each),
                      linear_at(m, transposed(shifted(w, column(x0, 0))), a_list_each),
                      linear_entries(m, d.x_rows, v, d.y_rows),
                      linear_entries(m, d.x_rows, v * transposed(v) * v, d.y_rows),
                      replaced(m, d.x_rows, d.entry_columns, entries_at(y, d.x_rows, d.entry_columns)),
                      sum_of_multiples({{times, m, d.x_rows}, {times + times, y0 - y, d.x_rows}}),
                      log_sum_exp(minus_entries(m, d.columns)),
                      rounded(add_to_rows(w, row(w, 0)) * v * transposed(v))};
  if (d.shape.columns > 1) r.push_back(largest_of_others(m)), r.push_back(largest_without(m, d.columns));
  if (d.shape.columns > 1) {
    const Real s = z0 - exp(z0 - numbers(k, d.other, d.c));
    r.push_back(all_largest_sums(m, s, d.columns));
    r.push_back(largest_sums(m, d.x_rows, s, d.y_rows, d.columns));
  }
  return r;
}

} // namespace verifier::kernel
