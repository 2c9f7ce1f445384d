// Real numbers times weights: m W -+ (r + γ |m|) |W| for entries within r of m. So the result is as wide as the exact one, but for
// rounding, whatever the signs of the weights. Error argument: docs/numerics.md, "The kernel".
#include "pairs.hpp"

#include <algorithm>

namespace verifier::kernel::doubles {
namespace {

// Of some rows of x: what lies between its ends is within the radius of the middle; `error` times the middle is added to the radius.
PROOFMARK_CLONES void split(Shape s, In x, double error, double* middle, double* radius) {
  for (std::size_t i = 0; i < s.rows; ++i)
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const Entries a = load(x, i, j, s.columns - j, 0);
      const v4 m = a.lo * 0.5 + a.hi * 0.5, r = max4(a.hi - m, m - a.lo);
      store(middle + i * s.columns + j, m), store(radius + i * s.columns + j, (r + abs4(m) * error) * (1 + 4 * u));
    }
}
// The sum of |x| over each row: at most K of them, each rounded in at most K sums.
PROOFMARK_CLONES void add_up(Shape s, const double* middle, const double* radius, double* to) {
  for (std::size_t i = 0; i < s.rows; ++i) {
    v4 sum = all(0);
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const std::size_t p = i * s.columns + j, n = s.columns - j;
      sum += abs4(load(middle + p, 1, n, 0)) + load(radius + p, 1, n, 0);
    }
    to[i] = sum_of_lanes(sum) * (1 + (static_cast<double>(s.columns) + 8) * u);
  }
}
// Of a tile: z of middles and d of radii, which hold what z and the two ends below may err by; d itself errs by `error` relatively.
// `more` is added to the radius of a row. Rows of the result are `stride` apart.
PROOFMARK_CLONES bool ends_of_tile(Shape some, const double* z, const double* d, std::size_t panel_rows,
                                   const double* more, double error, std::size_t stride, double* lo, double* hi) {
  Widths widths;
  const double outward = 1 + 2 * error + 8 * u;
  for (std::size_t i = 0; i < some.rows; ++i)
    for (std::size_t j = 0; j < some.columns; j += 4) {
      const std::size_t p = i * panel_rows + j, o = i * stride + j, n = some.columns - j;
      const v4 middle = load(z + p, 1, 4, 0), radius = load(d + p, 1, 4, 0) * outward + more[i];
      const v4 l = middle - radius, h = middle + radius;
      widths.see(l, h);
      if (n >= 4) [[likely]]
        store(lo + o, l), store(hi + o, h);
      else
        std::memcpy(lo + o, &l, n * sizeof(double)), std::memcpy(hi + o, &h, n * sizeof(double));
    }
  return widths.are_finite();
}

std::shared_ptr<const Panels> panels_of(const View& w) {
  const Pairs& p = pairs(w);
  const bool as_stored = w.offset == 0 && w.shape == p.shape && w.row_stride == p.shape.columns && w.column_stride == 1;
  const bool is_transposed = w.offset == 0 && w.shape == Shape{p.shape.columns, p.shape.rows} && w.row_stride == 1 &&
                             w.column_stride == p.shape.columns;
  if (!as_stored && !is_transposed) return std::make_shared<Panels>(w);
  const std::size_t which = as_stored ? 0 : 1;
  std::call_once(p.once_in_panels[which], [&] { p.panels[which] = std::make_shared<Panels>(w); });
  return p.panels[which];
}

// Rows of x that are worked on together: their middles and radii stay in the cache, and panels are read once for all of them.
std::size_t rows_together(std::size_t K) {
  return std::clamp<std::size_t>((std::size_t{1} << 16) / (K + 1) / 4 * 4, 4, 48);
}

} // namespace

Panels::Panels(const View& w) : columns(tile_in_short_blocks().panel_rows) {
  const Pairs& from = pairs(w);
  const std::size_t K = w.shape.rows, C = w.shape.columns, size = (C + columns - 1) / columns * columns * K;
  weights.reset(new v8[size / 8 + 1]()), magnitudes.reset(new v8[size / 8 + 1]());
  double *const x = reinterpret_cast<double*>(weights.get()), *const y = reinterpret_cast<double*>(magnitudes.get());
  for (std::size_t k = 0; k < K; ++k)
    for (std::size_t j = 0; j < C; ++j) {
      const std::size_t p = w.offset + k * w.row_stride + j * w.column_stride;
      const std::size_t o = (j / columns * K + k) * columns + j % columns;
      x[o] = from.hi.get()[p], y[o] = std::fabs(x[o]);
    }
}

Made Fast::linear(const View& x, const View& w) const {
  const std::size_t R = x.shape.rows, K = x.shape.columns, C = w.shape.columns;
  const Source from(x);
  const std::shared_ptr<const Panels> panels = panels_of(w);
  const auto [make_tile, panel_rows] = tile_in_short_blocks();
  const double error = product_error(K, short_block_terms); // of which 2 u are to spare
  const std::size_t together = rows_together(K);
  const Buffer middle(together * K), radius(together * K);
  std::array<double, 48> more;
  std::array<double, 4 * most_panel_rows> z, d;
  const MadeDoubles r = make({R, C});
  bool good = true;
  for (std::size_t first = 0; first < R; first += together) {
    const Shape some{std::min(together, R - first), K};
    split(some, {from.lo + first * from.row, from.hi + first * from.row, from.row, from.column}, error, middle.get(),
          radius.get());
    more.fill(tiny);
    if (pairs(w).error > 0) {
      add_up(some, middle.get(), radius.get(), more.data());
      for (double& sum : more) sum = sum * pairs(w).error * (1 + 4 * u) + tiny;
    }
    for (std::size_t j = 0; j < C; j += panel_rows)
      for (std::size_t i = 0; i < some.rows; i += 4) {
        const auto rows = [&](const Buffer& of) { // the last stands for those that are missing
          const auto row = [&](std::size_t c) { return of.get() + std::min(i + c, some.rows - 1) * K; };
          return std::array<const double*, 4>{row(0), row(1), row(2), row(3)};
        };
        make_tile(reinterpret_cast<const double*>(panels->weights.get()) + j * K, rows(middle).data(), K, z.data());
        make_tile(reinterpret_cast<const double*>(panels->magnitudes.get()) + j * K, rows(radius).data(), K, d.data());
        const std::size_t o = (first + i) * C + j;
        good = ends_of_tile({std::min<std::size_t>(4, some.rows - i), std::min(panel_rows, C - j)}, z.data(), d.data(),
                            panel_rows, more.data() + i, error, C, r->lo() + o, r->hi() + o) &&
               good;
      }
  }
  finite(good);
  return r;
}

namespace {

// Of four rows, a lane each, the sums that each list asks for: z of middles times weights and d of radii times their magnitudes.
PROOFMARK_CLONES void sums_of_listed(const Lists& at, const double* weights, const double* middle, const double* radius,
                                     double* z, double* d) {
  for (std::size_t j = 0, n = 0; j < at.size(); ++j) {
    v4 sum = all(0), sum_of_radii = all(0);
    for (const Index k : at[j]) {
      const double w = weights[n++];
      sum += load(middle + 4 * k, 1, 4, 0) * w, sum_of_radii += load(radius + 4 * k, 1, 4, 0) * std::fabs(w);
    }
    store(z + 4 * j, sum), store(d + 4 * j, sum_of_radii);
  }
}
// A row of x with a column of w: four lanes, joined at the end. The sum, and that of magnitudes.
PROOFMARK_CLONES void sums_of_entry(std::size_t K, const double* middle, const double* radius, const double* weights,
                                    double* z, double* d) {
  v4 sum = all(0), sum_of_radii = all(0);
  for (std::size_t k = 0; k < K; k += 4) {
    const v4 w = load(weights + k, 1, K - k, 0);
    sum += load(middle + k, 1, K - k, 0) * w, sum_of_radii += load(radius + k, 1, K - k, 0) * abs4(w);
  }
  *z = sum_of_lanes(sum), *d = sum_of_lanes(sum_of_radii);
}
// Rows of x as their middles and radii, and what an absolute error of the weights adds to a row's results.
struct Middles {
  Middles(const View& x, const View& w, double error)
      : middle(x.shape.size()), radius(x.shape.size()), more(x.shape.rows) {
    const Source from(x);
    split(x.shape, from, error, middle.get(), radius.get());
    if (pairs(w).error > 0) add_up(x.shape, middle.get(), radius.get(), more.data());
    for (double& sum : more) sum = sum * pairs(w).error * (1 + 4 * u) + tiny;
  }
  Buffer middle, radius;
  std::vector<double> more;
};

} // namespace

// As in linear, but for the order: the terms of a list one after the other, so that a term takes part in fewer sums than it has terms.
Made Fast::linear_at(const View& x, const View& w, const Lists& at) const {
  const std::size_t R = x.shape.rows, K = x.shape.columns, C = w.shape.columns;
  std::size_t longest = 1;
  std::vector<double> weights;
  for (std::size_t j = 0; j < C; ++j) {
    longest = std::max(longest, at[j].size());
    for (const Index k : at[j]) weights.push_back(pairs(w).hi.get()[w.offset + k * w.row_stride + j * w.column_stride]);
  }
  const double error = product_error(longest, longest);
  const Middles of(x, w, error);
  const std::size_t whole = (C + 3) / 4 * 4; // columns of a tile: zeros where there are no more
  const Buffer middle(4 * K), radius(4 * K), z(4 * C), d(4 * C);
  std::vector<double> turned_z(4 * whole), turned_d(4 * whole);
  const MadeDoubles r = make({R, C});
  bool good = true;
  for (std::size_t first = 0; first < R; first += 4) {
    const std::size_t some = std::min<std::size_t>(4, R - first);
    for (std::size_t k = 0; k < K; ++k)
      for (std::size_t i = 0; i < 4; ++i) { // the last stands for those that are missing
        const std::size_t from = (first + std::min(i, some - 1)) * K + k;
        middle.get()[4 * k + i] = of.middle.get()[from], radius.get()[4 * k + i] = of.radius.get()[from];
      }
    sums_of_listed(at, weights.data(), middle.get(), radius.get(), z.get(), d.get());
    for (std::size_t j = 0; j < C; ++j)
      for (std::size_t i = 0; i < 4; ++i)
        turned_z[i * whole + j] = z.get()[4 * j + i], turned_d[i * whole + j] = d.get()[4 * j + i];
    good = ends_of_tile({some, C}, turned_z.data(), turned_d.data(), whole, of.more.data() + first, error, C,
                        r->lo() + first * C, r->hi() + first * C) &&
           good;
  }
  finite(good);
  return r;
}

// As in linear, but for the order: a term takes part in at most K/4 + 2 sums.
Made Fast::linear_entries(const View& x, Indices rows, const View& w, Indices columns) const {
  const std::size_t K = x.shape.columns, n = rows.size();
  const View turned = transpose(w);
  const SlicedRows slices = sliced_rows(turned);
  const Matrix weights = slices.of(slices.s->whole, turned);
  const double error = (static_cast<double>(K) / 4 + 5) * 1.01 * u;
  const Middles of(x, w, error);
  const MadeDoubles r = make({n, 1});
  bool good = true;
  for (std::size_t i = 0; i < n; ++i) {
    std::array<double, 4> z{}, d{}; // a whole vector is read of each
    sums_of_entry(K, of.middle.get() + rows[i] * K, of.radius.get() + rows[i] * K, weights.row(columns[i]), z.data(),
                  d.data());
    good = ends_of_tile({1, 1}, z.data(), d.data(), 1, of.more.data() + rows[i], error, 1, r->lo() + i, r->hi() + i) &&
           good;
  }
  finite(good);
  return r;
}

} // namespace verifier::kernel::doubles
