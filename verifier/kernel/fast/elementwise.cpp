// Element by element. Every loop gives both ends and looks at their widths.
#include "exp_log.hpp"
#include "fast.hpp"

#include <algorithm>

namespace verifier::kernel::doubles {
namespace {

// f(a, b, c, d, lower, upper): ends of x and of y. Rows are written in order, so that what a row's last vector writes too much is
// overwritten by the next row.
template <class F>
PROOFMARK_INLINE bool map(Shape s, In x, In y, double* lo, double* hi, F f) {
  Widths widths;
  for (std::size_t i = 0; i < s.rows; ++i)
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const std::size_t p = i * x.row + j * x.column, q = i * y.row + j * y.column, o = i * s.columns + j;
      const std::size_t n = s.columns - j;
      v4 l, h;
      f(load(x.lo + p, x.column, n, 1), load(x.hi + p, x.column, n, 1), load(y.lo + q, y.column, n, 1),
        load(y.hi + q, y.column, n, 1), l, h);
      widths.see(l, h);
      store(lo + o, l), store(hi + o, h);
    }
  return widths.are_finite();
}
template <class F>
PROOFMARK_INLINE bool map(Shape s, In x, double* lo, double* hi, F f) {
  return map(s, x, {x.lo, x.hi, 0, 0}, lo, hi,
             [&](v4 a, v4 b, v4, v4, v4& l, v4& h) PROOFMARK_LAMBDA { f(a, b, l, h); });
}

PROOFMARK_CLONES bool add(Shape s, In x, In y, double* lo, double* hi) {
  return map(s, x, y, lo, hi,
             [](v4 a, v4 b, v4 c, v4 d, v4& l, v4& h) PROOFMARK_LAMBDA { l = down_sum(a + c), h = up_sum(b + d); });
}
PROOFMARK_CLONES bool add_rows(Shape s, In x, In y, const Index* at, double* lo, double* hi) {
  Widths widths;
  for (std::size_t i = 0; i < s.rows; ++i)
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const std::size_t p = i * x.row + j * x.column, q = at[i] * y.row + j * y.column, o = i * s.columns + j;
      const std::size_t n = s.columns - j;
      const v4 l = down(load(x.lo + p, x.column, n, 1) + load(y.lo + q, y.column, n, 1));
      const v4 h = up(load(x.hi + p, x.column, n, 1) + load(y.hi + q, y.column, n, 1));
      widths.see(l, h);
      store(lo + o, l), store(hi + o, h);
    }
  return widths.are_finite();
}
PROOFMARK_CLONES bool subtract(Shape s, In x, In y, double* lo, double* hi) {
  return map(s, x, y, lo, hi,
             [](v4 a, v4 b, v4 c, v4 d, v4& l, v4& h) PROOFMARK_LAMBDA { l = down_sum(a - d), h = up_sum(b - c); });
}
// x >= 0: a lower end of y that is negative takes the upper end of x, and so on; rounded products are in the same order.
PROOFMARK_CLONES bool multiply(Shape s, In x, In y, double* lo, double* hi) {
  return map(s, x, y, lo, hi, [](v4 a, v4 b, v4 c, v4 d, v4& l, v4& h) PROOFMARK_LAMBDA {
    l = down(min4(a * c, b * c)), h = up(max4(a * d, b * d));
  });
}
PROOFMARK_CLONES bool larger(Shape s, In x, In y, double* lo, double* hi) {
  return map(s, x, y, lo, hi,
             [](v4 a, v4 b, v4 c, v4 d, v4& l, v4& h) PROOFMARK_LAMBDA { l = max4(a, c), h = max4(b, d); });
}
PROOFMARK_CLONES bool smaller(Shape s, In x, In y, double* lo, double* hi) {
  return map(s, x, y, lo, hi,
             [](v4 a, v4 b, v4 c, v4 d, v4& l, v4& h) PROOFMARK_LAMBDA { l = min4(a, c), h = min4(b, d); });
}
// It rises with the part, falls with the rest, and is not above 1; where both may be next to nothing that is all that is said.
PROOFMARK_CLONES bool share(Shape s, In part, In rest, double* lo, double* hi) {
  return map(s, part, rest, lo, hi, [](v4 a, v4 b, v4 c, v4 d, v4& l, v4& h) PROOFMARK_LAMBDA {
    const v4 least = down(b + c);
    l = max4(down(a / up(a + d)), all(0));
    h = least < tiny ? all(1) : min4(up(b / least), all(1));
  });
}
// One end of x + a max(0, y - x) or x + a min(0, y - x): every step is turned to that end's side. f(v): v, turned.
template <Side side, class Turn>
PROOFMARK_INLINE v4 move(v4 x, v4 y, v4 a, Turn turn) {
  const v4 way = turn(y - x);
  return turn(x + turn((side == Side::larger ? max4(way, all(0)) : min4(way, all(0))) * a));
}
template <Side side>
PROOFMARK_INLINE bool move_all(Shape s, In x, In y, In a, double* lo, double* hi) {
  Widths widths;
  for (std::size_t i = 0; i < s.rows; ++i)
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const std::size_t p = i * x.row + j * x.column, q = i * y.row + j * y.column, r = i * a.row + j * a.column;
      const std::size_t o = i * s.columns + j, n = s.columns - j;
      const v4 least = load(a.lo + r, a.column, n, 1), most = load(a.hi + r, a.column, n, 1);
      const v4 l = move<side>(load(x.lo + p, x.column, n, 1), load(y.lo + q, y.column, n, 1),
                              side == Side::larger ? least : most, [](v4 v) PROOFMARK_LAMBDA { return down(v); });
      const v4 h = move<side>(load(x.hi + p, x.column, n, 1), load(y.hi + q, y.column, n, 1),
                              side == Side::larger ? most : least, [](v4 v) PROOFMARK_LAMBDA { return up(v); });
      widths.see(l, h);
      store(lo + o, l), store(hi + o, h);
    }
  return widths.are_finite();
}
PROOFMARK_CLONES bool raise(Shape s, In x, In y, In a, double* lo, double* hi) {
  return move_all<Side::larger>(s, x, y, a, lo, hi);
}
PROOFMARK_CLONES bool lower(Shape s, In x, In y, In a, double* lo, double* hi) {
  return move_all<Side::smaller>(s, x, y, a, lo, hi);
}
PROOFMARK_CLONES void raise_to_zero(std::size_t n, double* lo) {
  for (std::size_t i = 0; i < n; i += 4) store(lo + i, max4(load(lo + i, 1, 4, 0), all(0)));
}
// Below -600 lies 0; above 300 infinity, which its width refuses.
PROOFMARK_CLONES bool exponential(Shape s, In x, double* lo, double* hi) {
  return map(s, x, lo, hi, [](v4 a, v4 b, v4& l, v4& h) PROOFMARK_LAMBDA {
    l = exp_down(min4(max4(a, all(least_argument)), all(greatest_argument)));
    l = a < least_argument ? all(0) : l;
    h = exp_up(min4(max4(b, all(least_argument)), all(greatest_argument)));
    h = b > greatest_argument ? all(infinity) : h;
  });
}
PROOFMARK_CLONES bool logarithm(Shape s, In x, double* lo, double* hi) {
  return map(s, x, lo, hi, [](v4 a, v4 b, v4& l, v4& h) PROOFMARK_LAMBDA {
    l = log4(a), h = log4(b);
    l = l - slack_of_log(l), h = h + slack_of_log(h);
    l = a < tiny ? all(-infinity) : l;
  });
}
PROOFMARK_CLONES bool reciprocal(Shape s, In x, double* lo, double* hi) {
  return map(s, x, lo, hi, [](v4 a, v4 b, v4& l, v4& h) PROOFMARK_LAMBDA {
    l = max4(down(1 / b), all(0)), h = up(1 / a);
    h = a < tiny ? all(infinity) : h;
  });
}
PROOFMARK_CLONES bool positive(Shape s, In x, double* lo, double* hi) {
  return map(s, x, lo, hi, [](v4 a, v4 b, v4& l, v4& h) PROOFMARK_LAMBDA { l = max4(a, all(0)), h = max4(b, all(0)); });
}
PROOFMARK_CLONES bool upper_end(Shape s, In x, double* lo, double* hi) {
  return map(s, x, lo, hi, [](v4, v4 b, v4& l, v4& h) PROOFMARK_LAMBDA { l = h = b; });
}
bool square_root(Shape s, In x, double* lo, double* hi) {
  for (std::size_t i = 0; i < s.rows; ++i)
    for (std::size_t j = 0; j < s.columns; ++j, ++lo, ++hi) {
      *lo = std::max(0.0, down(std::sqrt(x.lo[i * x.row + j * x.column])));
      *hi = up(std::sqrt(x.hi[i * x.row + j * x.column]));
    }
  return true;
}

// exp(ln x / p), p >= 3. ln x errs by 2 u (1 + |ln x|), the division by u |ln x| / p, exp4 by 4 u relative. What is below `tiny`
// counts as that from above, as 0 from below; ln x / p is between -210 and 240.
PROOFMARK_CLONES bool any_root(Shape s, In x, double p, double* lo, double* hi) {
  return map(s, x, lo, hi, [p](v4 a, v4 b, v4& l, v4& h) PROOFMARK_LAMBDA {
    const v4 A = log4(max4(a, all(tiny))), B = log4(max4(b, all(tiny)));
    l = exp4(A / p) * (1 - ((abs4(A) + 1) * (4 * u / p) + 6 * u)),
    h = exp4(B / p) * (1 + ((abs4(B) + 1) * (4 * u / p) + 6 * u));
    l = a < tiny ? all(0) : l, h = b == 0 ? all(0) : h;
  });
}

// Contiguous operands are one long row, and a column is a row: few vectors are incomplete then.
bool contiguous(Shape s, const In& x) {
  return x.column == 1 && x.row == s.columns;
}
Shape flat(Shape s, In& x, In& y) {
  if (s.columns == 1) {
    x.column = x.row, y.column = y.row, x.row = y.row = 0;
    return {1, s.rows};
  }
  return contiguous(s, x) && contiguous(s, y) ? Shape{1, s.size()} : s;
}

} // namespace

Made Fast::binary(Binary op, const View& first, const View& second, Sign sign) const {
  const Source a(first), b(second);
  In x = a, y = b;
  const Shape s = flat(first.shape, x, y);
  const MadeDoubles r = make(first.shape);
  const auto f = [op] {
    switch (op) {
    case Binary::add:
      return add;
    case Binary::subtract:
      return subtract;
    case Binary::larger:
      return larger;
    case Binary::smaller:
      return smaller;
    case Binary::share:
      return share;
    case Binary::multiply:
      break;
    }
    return multiply;
  }();
  finite(f(s, x, y, r->lo(), r->hi()));
  if (sign == Sign::not_negative) raise_to_zero(s.size(), r->lo());
  return r;
}
Made Fast::unary(Unary op, const View& only) const {
  const Source a(only);
  In x = a, y = a;
  const Shape s = flat(only.shape, x, y);
  const MadeDoubles r = make(only.shape);
  const auto f = [op] {
    switch (op) {
    case Unary::exp:
      return exponential;
    case Unary::log:
      return logarithm;
    case Unary::inverse:
      return reciprocal;
    case Unary::root:
      return square_root;
    case Unary::positive_part:
      return positive;
    case Unary::any_number_in:
      break;
    }
    return upper_end;
  }();
  finite(f(s, x, r->lo(), r->hi()));
  return r;
}
Made Fast::moved(Side side, const View& x, const View& y, const View& share) const {
  const Source a(x), b(y), c(share);
  const MadeDoubles r = make(x.shape);
  finite((side == Side::larger ? raise : lower)(x.shape, a, b, c, r->lo(), r->hi()));
  return r;
}
Made Fast::root(const View& only, unsigned p) const {
  const Source a(only);
  In x = a, y = a;
  const Shape s = flat(only.shape, x, y);
  const MadeDoubles r = make(only.shape);
  if (p == 1) return copy(only);
  finite(p == 2 ? square_root(s, x, r->lo(), r->hi()) : any_root(s, x, p, r->lo(), r->hi()));
  return r;
}
Made Fast::plus_rows_at(const View& x, const View& y, Indices at, Sign sign) const {
  const Source a(x), b(y);
  const MadeDoubles r = make(x.shape);
  finite(add_rows(x.shape, a, b, at.data(), r->lo(), r->hi()));
  if (sign == Sign::not_negative) raise_to_zero(x.shape.size(), r->lo());
  return r;
}
Made Fast::minus_column(const View& x, Indices at, std::size_t own) const {
  const Source a(x);
  const In column{a.lo + own * a.column, a.hi + own * a.column, a.row, 0};
  const Shape shape{x.shape.rows, at.size()};
  const Made some = columns_at(x, at), r = make(shape);
  const auto& from = static_cast<const Doubles&>(*some);
  const auto& to = static_cast<const Doubles&>(*r);
  finite(subtract(shape, {from.lo(), from.hi(), at.size(), 1}, column, to.lo(), to.hi()));
  for (std::size_t i = 0; i < shape.rows; ++i)
    for (std::size_t j = 0; j < shape.columns; ++j)
      if (at[j] == own) to.lo()[i * shape.columns + j] = to.hi()[i * shape.columns + j] = 0;
  return r;
}
// x - x = 0, whatever x is between its ends.
Made Fast::minus_column(const View& x, std::size_t own) const {
  const Source a(x);
  const In column{a.lo + own * a.column, a.hi + own * a.column, a.row, 0};
  const MadeDoubles r = make(x.shape);
  finite(subtract(x.shape, a, column, r->lo(), r->hi()));
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    r->lo()[i * x.shape.columns + own] = r->hi()[i * x.shape.columns + own] = 0;
  return r;
}

} // namespace verifier::kernel::doubles
