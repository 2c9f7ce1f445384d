// Sums and products of stored weights: pairs. Products multiply slices exactly. Error arguments: docs/numerics.md, "The kernel".
#include "pairs.hpp"

#include <algorithm>
#include <bit>

namespace verifier::kernel::doubles {
namespace {

// How many bits the first slices have: two of them, and those that K sums add, fit 53.
int slice_bits(std::size_t K) {
  return (53 - static_cast<int>(std::bit_width(K - 1))) / 2;
}

std::shared_ptr<const Slices> sliced(const View& v) {
  const Pairs& from = pairs(v);
  const std::size_t K = v.shape.columns;
  const int bits = slice_bits(K);
  const auto s = std::make_shared<Slices>(v.shape.rows, K);
  for (std::size_t i = 0; i < v.shape.rows; ++i) {
    const double *hi = from.hi.get() + v.offset + i * v.row_stride, *lo = from.lo.get() + v.offset + i * v.row_stride;
    double most = 0x1p-200;
    for (std::size_t k = 0; k < K; ++k) most = std::max(most, std::fabs(hi[k * v.column_stride]));
    finite(most < 0x1p200);
    s->most = std::max(s->most, most);
    const double shift = std::ldexp(0x1.8p52, std::ilogb(most) + 1 - bits); // adding it rounds to the grid
    for (std::size_t k = 0; k < K; ++k) {
      const double x = hi[k * v.column_stride], p = (x + shift) - shift;
      s->first.get()[i * K + k] = p;
      s->rest.get()[i * K + k] = (x - p) + lo[k * v.column_stride];
      s->whole.get()[i * K + k] = x;
    }
  }
  return s;
}
} // namespace

SlicedRows sliced_rows(const View& v) {
  const Pairs& p = pairs(v);
  const std::size_t K = v.shape.columns;
  const bool by_rows = v.column_stride == 1 && v.row_stride == K && p.shape.columns == K && v.offset % K == 0;
  const bool by_columns = v.row_stride == 1 && v.column_stride == p.shape.columns && p.shape.rows == K &&
                          v.offset + v.shape.rows <= p.shape.columns;
  if (!by_rows && !by_columns) return {sliced(v), 0};
  const std::size_t which = by_rows ? 0 : 1;
  std::call_once(p.once[which], [&] {
    View whole{v.numbers, p.shape, 0, p.shape.columns, 1};
    p.slices[which] = sliced(by_rows ? whole : transpose(whole));
  });
  return {p.slices[which], by_rows ? v.offset / K : v.offset};
}

namespace {

// hi + lo = a + b exactly (Knuth).
PROOFMARK_INLINE void two_sum(v4 a, v4 b, v4& hi, v4& lo) {
  hi = a + b;
  const v4 c = hi - a;
  lo = (a - (hi - c)) + (b - c);
}
PROOFMARK_CLONES void join_slices(std::size_t n, double* hi, double* lo, const double* more) {
  for (std::size_t i = 0; i < n; i += 4) {
    v4 h, l;
    two_sum(load(hi + i, 1, 4, 0), load(lo + i, 1, 4, 0) + load(more + i, 1, 4, 0), h, l);
    store(hi + i, h), store(lo + i, l);
  }
}
PROOFMARK_INLINE v4 next_above(v4 x) { // for |x| < tiny: tiny
  const v4 next = (v4)((u4)x + (u4)(x > all(0) ? i4{1, 1, 1, 1} : i4{-1, -1, -1, -1}));
  return abs4(x) < all(tiny) ? all(tiny) : next;
}
PROOFMARK_CLONES void round_pairs(Shape s, In x, double error, double* lower,
                                  double* upper) { // lo and hi are the parts of pairs
  for (std::size_t i = 0; i < s.rows; ++i)
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const std::size_t p = i * x.row + j * x.column, n = s.columns - j, o = i * s.columns + j;
      const v4 hi = load(x.hi + p, x.column, n, 0), lo = load(x.lo + p, x.column, n, 0);
      const v4 below = lo - error, above = lo + error;
      store(lower + o, below >= all(0) ? hi : -next_above(-(hi + below * (1 + 4 * u))));
      store(upper + o, above <= all(0) ? hi : next_above(hi + above * (1 + 4 * u)));
    }
}
// other(i, j): the pair that is added to entry (i, j), up to `error`. What two sums of pairs lose is below 8 u^2 of the largest.
template <class Other>
Made plus(const View& x, double error, Other other) {
  const Pairs& from = pairs(x);
  const auto r = std::make_shared<Pairs>(x.shape);
  double most = 0;
  bool exact = from.error + error == 0; // as the sum of two stored weights is
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j) {
      const std::size_t p = x.offset + i * x.row_stride + j * x.column_stride, o = i * x.shape.columns + j;
      const double ah = from.hi.get()[p], al = from.lo.get()[p];
      const auto [bh, bl] = other(i, j);
      exact = exact && al == 0 && bl == 0;
      most = std::max(most, std::fabs(ah) + std::fabs(bh));
      v4 sum, rest, hi, lo;
      two_sum(all(ah), all(bh), sum, rest);
      two_sum(sum, rest + (al + bl), hi, lo);
      r->hi.get()[o] = hi[0], r->lo.get()[o] = lo[0];
    }
  finite(most < 0x1p300);
  r->error = exact ? 0 : (from.error + error + most * (8 * u * u)) * (1 + 8 * u);
  return r;
}

} // namespace

// Exactly. What is far from the range of trained weights is left to the reference, so that no product underflows.
Made Fast::weights(Shape shape, std::span<const double> x) const {
  const auto r = std::make_shared<Pairs>(shape);
  for (const double w : x) finite(w == 0 || (std::fabs(w) > 0x1p-140 && std::fabs(w) < 0x1p140));
  std::copy(x.begin(), x.end(), r->hi.get()), std::fill_n(r->lo.get(), x.size(), 0.0);
  return r;
}
Made Fast::weights_rows_at(const View& x, Indices at) const {
  const Pairs& from = pairs(x);
  const auto r = std::make_shared<Pairs>(Shape{at.size(), x.shape.columns});
  for (std::size_t i = 0, o = 0; i < at.size(); ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j, ++o) {
      const std::size_t p = x.offset + at[i] * x.row_stride + j * x.column_stride;
      r->hi.get()[o] = from.hi.get()[p], r->lo.get()[o] = from.lo.get()[p];
    }
  r->error = from.error;
  return r;
}
namespace {
Made plus_times(const View& x, double sign, const View& y) {
  const Pairs& b = pairs(y);
  return plus(x, b.error, [&](std::size_t i, std::size_t j) {
    const std::size_t p = y.offset + i * y.row_stride + j * y.column_stride;
    return std::pair(sign * b.hi.get()[p], sign * b.lo.get()[p]);
  });
}
} // namespace
Made Fast::weights_add(const View& x, const View& y) const {
  return plus_times(x, 1, y);
}
Made Fast::weights_subtract(const View& x, const View& y) const {
  return plus_times(x, -1, y);
}
// The number is the upper end of its entry.
Made Fast::weights_shifted(const View& x, const View& by) const {
  const Source shift(by);
  return plus(x, 0, [&](std::size_t i, std::size_t) { return std::pair(-shift.hi[i * shift.row], 0.0); });
}
Made Fast::weights_product(const View& x, const View& y) const {
  const std::size_t K = x.shape.columns;
  const auto r = std::make_shared<Pairs>(Shape{x.shape.rows, y.shape.columns});
  const std::size_t n = r->shape.size();
  if (K == 0) {
    std::fill_n(r->hi.get(), n, 0.0), std::fill_n(r->lo.get(), n, 0.0);
    return r;
  }
  const View rows_of_y = transpose(y);
  const SlicedRows X = sliced_rows(x), Y = sliced_rows(rows_of_y);
  const Buffer more(n);
  products(X.of(X.s->first, x), Y.of(Y.s->first, rows_of_y), r->hi.get()); // exact
  products(X.of(X.s->first, x), Y.of(Y.s->rest, rows_of_y), r->lo.get());
  products(X.of(X.s->rest, x), Y.of(Y.s->whole, rows_of_y), more.get());
  join_slices(n, r->hi.get(), r->lo.get(), more.get());
  const double k = static_cast<double>(K), ax = X.s->most, ay = Y.s->most, ex = pairs(x).error, ey = pairs(y).error;
  const double rounding = std::ldexp(2.01 * product_error(K) + 8 * u, -slice_bits(K));
  r->error = k * (ax * ay * rounding + ex * ay + ey * ax + ex * ey) * 1.01;
  return r;
}
// hi is hi + lo rounded; where their error lies on one side of hi, hi itself is an end.
Made Fast::weights_rounded(const View& x) const {
  const Pairs& from = pairs(x);
  const MadeDoubles r = make(x.shape);
  round_pairs(x.shape, {from.lo.get() + x.offset, from.hi.get() + x.offset, x.row_stride, x.column_stride}, from.error,
              r->lo(), r->hi());
  return r;
}

} // namespace verifier::kernel::doubles
