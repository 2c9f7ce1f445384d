// Element by element. Every loop gives both ends and looks at their widths.
#include "exp_log.hpp"
#include "fast.hpp"
#include "normal_cdf.hpp"

#include <algorithm>

namespace verifier::kernel::doubles {
namespace {

// f(entries of each operand): four entries of the result. Rows are written in order, so that what a row's last vector writes too
// much is overwritten by the next row.
template <class F, class... Operands>
PROOFMARK_INLINE bool map(Shape s, double* lo, double* hi, F f, Operands... x) {
  Widths widths;
  for (std::size_t i = 0; i < s.rows; ++i)
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const std::size_t o = i * s.columns + j;
      const Entries r = f(load(x, i, j, s.columns - j, 1)...);
      widths.see(r.lo, r.hi);
      store(lo + o, r.lo), store(hi + o, r.hi);
    }
  return widths.are_finite();
}

PROOFMARK_CLONES bool add(Shape s, In x, In y, double* lo, double* hi) {
  const auto f = [](Entries a, Entries b) PROOFMARK_LAMBDA {
    return Entries{down_sum(a.lo + b.lo), up_sum(a.hi + b.hi)};
  };
  return map(s, lo, hi, f, x, y);
}
PROOFMARK_CLONES bool add_rows(Shape s, In x, const Index* x_rows, In y, const Index* y_rows, double* lo, double* hi) {
  const auto f = [](Entries a, Entries b) PROOFMARK_LAMBDA { return Entries{down(a.lo + b.lo), up(a.hi + b.hi)}; };
  const auto row = [](const In& of, std::size_t i) PROOFMARK_LAMBDA {
    return In{of.lo + i * of.row, of.hi + i * of.row, of.row, of.column};
  };
  bool finite = true;
  for (std::size_t i = 0; i < s.rows; ++i)
    finite =
        map({1, s.columns}, lo + i * s.columns, hi + i * s.columns, f, row(x, x_rows[i]), row(y, y_rows[i])) && finite;
  return finite;
}
PROOFMARK_CLONES bool subtract(Shape s, In x, In y, double* lo, double* hi) {
  const auto f = [](Entries a, Entries b) PROOFMARK_LAMBDA {
    return Entries{down_sum(a.lo - b.hi), up_sum(a.hi - b.lo)};
  };
  return map(s, lo, hi, f, x, y);
}
// x >= 0: a lower end of y that is negative takes the upper end of x, and so on; rounded products are in the same order.
PROOFMARK_CLONES bool multiply(Shape s, In x, In y, double* lo, double* hi) {
  const auto f = [](Entries a, Entries b) PROOFMARK_LAMBDA {
    return Entries{down(min4(a.lo * b.lo, a.hi * b.lo)), up(max4(a.lo * b.hi, a.hi * b.hi))};
  };
  return map(s, lo, hi, f, x, y);
}
PROOFMARK_CLONES bool product(Shape s, In x, In y, double* lo, double* hi) { // of any signs
  const auto f = [](Entries a, Entries b) PROOFMARK_LAMBDA {
    const v4 p = a.lo * b.lo, q = a.lo * b.hi, r = a.hi * b.lo, t = a.hi * b.hi;
    return Entries{down(min4(min4(p, q), min4(r, t))), up(max4(max4(p, q), max4(r, t)))};
  };
  return map(s, lo, hi, f, x, y);
}
PROOFMARK_CLONES bool larger(Shape s, In x, In y, double* lo, double* hi) {
  const auto f = [](Entries a, Entries b) PROOFMARK_LAMBDA { return Entries{max4(a.lo, b.lo), max4(a.hi, b.hi)}; };
  return map(s, lo, hi, f, x, y);
}
PROOFMARK_CLONES bool smaller(Shape s, In x, In y, double* lo, double* hi) {
  const auto f = [](Entries a, Entries b) PROOFMARK_LAMBDA { return Entries{min4(a.lo, b.lo), min4(a.hi, b.hi)}; };
  return map(s, lo, hi, f, x, y);
}
// It rises with the part, falls with the rest, and is not above 1; where both may be next to nothing that is all that is said.
PROOFMARK_CLONES bool share(Shape s, In part, In rest, double* lo, double* hi) {
  const auto f = [](Entries a, Entries b) PROOFMARK_LAMBDA {
    const v4 least = down(a.hi + b.lo);
    return Entries{max4(down(a.lo / up(a.lo + b.hi)), all(0)), least < tiny ? all(1) : min4(up(a.hi / least), all(1))};
  };
  return map(s, lo, hi, f, part, rest);
}
// x + a max(0, y - x): every step is turned to its end's side.
PROOFMARK_INLINE Entries raised(Entries x, Entries y, Entries a) {
  return {down(x.lo + down(max4(down(y.lo - x.lo), all(0)) * a.lo)),
          up(x.hi + up(max4(up(y.hi - x.hi), all(0)) * a.hi))};
}
PROOFMARK_INLINE Entries negative(Entries x) {
  return {-x.hi, -x.lo};
}
PROOFMARK_CLONES bool raise(Shape s, In x, In y, In a, double* lo, double* hi) {
  const auto f = [](Entries b, Entries c, Entries d) PROOFMARK_LAMBDA { return raised(b, c, d); };
  return map(s, lo, hi, f, x, y, a);
}
PROOFMARK_CLONES bool lower(Shape s, In x, In y, In a, double* lo, double* hi) { // x + a min(0, y - x)
  const auto f = [](Entries b, Entries c, Entries d)
                     PROOFMARK_LAMBDA { return negative(raised(negative(b), negative(c), d)); };
  return map(s, lo, hi, f, x, y, a);
}
PROOFMARK_CLONES bool within(Shape s, In x, In radius, double* lo, double* hi) {
  const auto f = [](Entries a, Entries b) PROOFMARK_LAMBDA {
    return Entries{down_sum(a.lo - b.hi), up_sum(a.hi + b.hi)};
  };
  return map(s, lo, hi, f, x, radius);
}
// The sum's ends lie outside the sums of ends: less those of `term` they still enclose its other terms.
PROOFMARK_CLONES bool exchange(Shape s, In sum, In term, In other, double* lo, double* hi) {
  const auto f = [](Entries a, Entries b, Entries c) PROOFMARK_LAMBDA {
    return Entries{down(down(a.lo - b.lo) + c.lo), up(up(a.hi - b.hi) + c.hi)};
  };
  return map(s, lo, hi, f, sum, term, other);
}
PROOFMARK_CLONES void raise_to_zero(std::size_t n, double* lo) {
  for (std::size_t i = 0; i < n; i += 4) store(lo + i, max4(load(lo + i, 1, 4, 0), all(0)));
}
// Below -600 lies 0; above 300 infinity, which its width refuses.
PROOFMARK_CLONES bool exponential(Shape s, In x, double* lo, double* hi) {
  const auto f = [](Entries a) PROOFMARK_LAMBDA {
    const v4 l = exp_down(min4(max4(a.lo, all(least_argument)), all(greatest_argument)));
    const v4 h = exp_up(min4(max4(a.hi, all(least_argument)), all(greatest_argument)));
    return Entries{a.lo < least_argument ? all(0) : l, a.hi > greatest_argument ? all(infinity) : h};
  };
  return map(s, lo, hi, f, x);
}
PROOFMARK_CLONES bool logarithm(Shape s, In x, double* lo, double* hi) {
  const auto f = [](Entries a) PROOFMARK_LAMBDA {
    const v4 l = log4(a.lo), h = log4(a.hi);
    return Entries{a.lo < tiny ? all(-infinity) : l - slack_of_log(l), h + slack_of_log(h)};
  };
  return map(s, lo, hi, f, x);
}
PROOFMARK_CLONES bool reciprocal(Shape s, In x, double* lo, double* hi) {
  const auto f = [](Entries a) PROOFMARK_LAMBDA {
    return Entries{max4(down(1 / a.hi), all(0)), a.lo < tiny ? all(infinity) : up(1 / a.lo)};
  };
  return map(s, lo, hi, f, x);
}
PROOFMARK_CLONES bool positive(Shape s, In x, double* lo, double* hi) {
  const auto f = [](Entries a) PROOFMARK_LAMBDA { return Entries{max4(a.lo, all(0)), max4(a.hi, all(0))}; };
  return map(s, lo, hi, f, x);
}
PROOFMARK_CLONES bool square(Shape s, In x, double* lo, double* hi) {
  const auto f = [](Entries a) PROOFMARK_LAMBDA {
    const v4 least = max4(max4(a.lo, -a.hi), all(0)), most = max4(abs4(a.lo), abs4(a.hi));
    return Entries{max4(down(least * least), all(0)), up(most * most)};
  };
  return map(s, lo, hi, f, x);
}
PROOFMARK_CLONES bool absolute(Shape s, In x, double* lo, double* hi) {
  const auto f = [](Entries a) PROOFMARK_LAMBDA {
    return Entries{max4(max4(a.lo, -a.hi), all(0)), max4(abs4(a.lo), abs4(a.hi))};
  };
  return map(s, lo, hi, f, x);
}
PROOFMARK_CLONES bool cdf_of_normal(Shape s, In x, double* lo, double* hi) {
  const auto f = [](Entries a) PROOFMARK_LAMBDA { return Entries{normal_cdf_down(a.lo), normal_cdf_up(a.hi)}; };
  return map(s, lo, hi, f, x);
}
PROOFMARK_CLONES bool upper_end(Shape s, In x, double* lo, double* hi) {
  const auto f = [](Entries a) PROOFMARK_LAMBDA { return Entries{a.hi, a.hi}; };
  return map(s, lo, hi, f, x);
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
  const auto f = [p](Entries a) PROOFMARK_LAMBDA {
    const v4 A = log4(max4(a.lo, all(tiny))), B = log4(max4(a.hi, all(tiny)));
    const v4 l = exp4(A / p) * (1 - ((abs4(A) + 1) * (4 * u / p) + 6 * u));
    const v4 h = exp4(B / p) * (1 + ((abs4(B) + 1) * (4 * u / p) + 6 * u));
    return Entries{a.lo < tiny ? all(0) : l, a.hi == 0 ? all(0) : h};
  };
  return map(s, lo, hi, f, x);
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

template <class F>
MadeDoubles of_one(const View& only, F f) {
  const Source a(only);
  In x = a, y = a;
  const Shape s = flat(only.shape, x, y);
  const MadeDoubles r = make(only.shape);
  finite(f(s, x, r->lo(), r->hi()));
  return r;
}

} // namespace

Made Fast::binary(Binary op, const View& first, const View& second, Sign sign) const {
  static constexpr std::array by_op = {add, subtract, multiply, product, larger, smaller, share, within};
  const Source a(first), b(second);
  In x = a, y = b;
  const Shape s = flat(first.shape, x, y);
  const MadeDoubles r = make(first.shape);
  finite(by_op.at(static_cast<std::size_t>(op))(s, x, y, r->lo(), r->hi()));
  if (sign == Sign::not_negative) raise_to_zero(s.size(), r->lo());
  return r;
}
Made Fast::unary(Unary op, const View& x) const {
  static constexpr std::array by_op = {exponential, logarithm, reciprocal,    positive,
                                       upper_end,   square,    cdf_of_normal, absolute};
  return of_one(x, by_op.at(static_cast<std::size_t>(op)));
}
Made Fast::moved(Side side, const View& x, const View& y, const View& share) const {
  const Source a(x), b(y), c(share);
  const MadeDoubles r = make(x.shape);
  finite((side == Side::larger ? raise : lower)(x.shape, a, b, c, r->lo(), r->hi()));
  return r;
}
Made Fast::root(const View& x, unsigned p) const {
  if (p == 1) return copy(x);
  if (p == 2) return of_one(x, square_root);
  return of_one(x, [p](Shape s, In from, double* lo, double* hi) { return any_root(s, from, p, lo, hi); });
}
Made Fast::exchanged(const View& sum, const View& term, const View& other) const {
  const Source a(sum), b(term), c(other);
  const MadeDoubles r = make(sum.shape);
  finite(exchange(sum.shape, a, b, c, r->lo(), r->hi()));
  return r;
}
Made Fast::plus_rows_at(const View& x, Indices x_rows, const View& y, Indices y_rows, Sign sign) const {
  const Source a(x), b(y);
  const MadeDoubles r = make({x_rows.size(), x.shape.columns});
  finite(add_rows(r->shape, a, x_rows.data(), b, y_rows.data(), r->lo(), r->hi()));
  if (sign == Sign::not_negative) raise_to_zero(r->shape.size(), r->lo());
  return r;
}
// x - x = 0, whatever x is between its ends.
Made Fast::minus_column(const View& x, Indices at, std::size_t own) const {
  const Source a(x);
  const In column{a.lo + own * a.column, a.hi + own * a.column, a.row, 0};
  const Shape shape{x.shape.rows, at.size()};
  const Made some = columns_at(x, at);
  const auto& from = static_cast<const Doubles&>(*some);
  const MadeDoubles r = make(shape);
  finite(subtract(shape, {from.lo(), from.hi(), at.size(), 1}, column, r->lo(), r->hi()));
  for (std::size_t i = 0; i < shape.rows; ++i)
    for (std::size_t j = 0; j < shape.columns; ++j)
      if (at[j] == own) r->lo()[i * shape.columns + j] = r->hi()[i * shape.columns + j] = 0;
  return r;
}
Made Fast::minus_entries(const View& x, const View& of_own, Indices own) const {
  const Source a(x), b(repeat(of_own, x.shape.rows, x.shape.columns));
  const MadeDoubles r = make(x.shape);
  finite(subtract(x.shape, a, b, r->lo(), r->hi()));
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    r->lo()[i * x.shape.columns + own[i]] = r->hi()[i * x.shape.columns + own[i]] = 0;
  return r;
}

} // namespace verifier::kernel::doubles
