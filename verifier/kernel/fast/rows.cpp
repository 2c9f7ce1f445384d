// Rows with rows: the upper ends are multiplied (or added) once, and the lower ends follow from the largest gap of each row. Sums of
// rows.
#include "fast.hpp"
#include "tiles.hpp"

#include <algorithm>

namespace verifier::kernel::doubles {
namespace {

Matrix upper_ends(const Rows& x) {
  return {x.hi, x.count, x.length};
}
// Rows that take part must be within the range of products of upper ends.
void require_range(const Rows& x, Indices rows) {
  for (const Index i : rows) finite(x.largest[i] < 0x1p300);
}

// z, which `hi` holds before, is the product of upper ends, all of them at most 2^300. The exact one lies between z (1 +- error) and,
// further down, (1 - a) (1 - b) times that, for relative gaps a, b; apart from entries below 2^-800, which may be zero: at most K
// 2^-500 together.
void ends_of_products(const Rows& a, Indices x_rows, const Rows& b, Indices y_rows, Doubles& r, double error,
                      double lost) {
  Widths widths;
  for (std::size_t i = 0; i < x_rows.size(); ++i) {
    const double z = r.hi()[i], gap = (a.relative[x_rows[i]] + b.relative[y_rows[i]] + error) * (1 + 8 * u);
    r.lo()[i] = std::max(0.0, z - (z * gap + lost)), r.hi()[i] = z + (z * error + tiny);
    widths.see(all(0), all(r.hi()[i]));
  }
  finite(widths.are_finite());
}

} // namespace

Made Fast::dots(const View& x, Indices x_rows, const View& y, Indices y_rows) const {
  const Rows a(x), b(y);
  const std::size_t K = x.shape.columns;
  const MadeDoubles r = make({x_rows.size(), 1});
  require_range(a, x_rows), require_range(b, y_rows);
  products(upper_ends(a), x_rows, upper_ends(b), y_rows, r->hi());
  ends_of_products(a, x_rows, b, y_rows, *r, product_error(K) + 4 * u, static_cast<double>(K) * 0x1p-499 + tiny);
  return r;
}

// Four sums of every fourth term: a term is rounded once, and takes part in at most n / 4 + 3 sums.
Made Fast::dots(const View& x, Indices x_rows, const View& y, Indices y_rows, const Lists& at) const {
  const Rows a(x), b(y);
  const MadeDoubles r = make({x_rows.size(), 1});
  require_range(a, x_rows), require_range(b, y_rows);
  std::size_t longest = 0;
  for (std::size_t i = 0; i < x_rows.size(); ++i) {
    const double *p = a.hi + x_rows[i] * a.length, *q = b.hi + y_rows[i] * b.length;
    const Indices list = at[i];
    v4 sum = all(0);
    for (std::size_t j = 0; j < list.size(); ++j) sum[j % 4] += p[list[j]] * q[list[j]];
    r->hi()[i] = sum_of_lanes(sum), longest = std::max(longest, list.size());
  }
  const auto n = static_cast<double>(longest);
  ends_of_products(a, x_rows, b, y_rows, *r, (n / 4 + 5) * 1.01 * u + 4 * u, n * 0x1p-499 + tiny);
  for (std::size_t i = 0; i < at.size(); ++i)
    if (at[i].empty()) r->lo()[i] = r->hi()[i] = 0;
  return r;
}

Made Fast::largest_sums(const View& x, Indices x_rows, const View& y, Indices y_rows, Indices without) const {
  const Rows a(x), b(y);
  const MadeDoubles r = make({x_rows.size(), 1});
  doubles::largest_sums(upper_ends(a), x_rows, upper_ends(b), y_rows, without, r->hi());
  Widths widths;
  for (std::size_t i = 0; i < x_rows.size(); ++i) {
    double &l = r->lo()[i], &h = r->hi()[i];
    l = down(down(h) - up(a.absolute[x_rows[i]] + b.absolute[y_rows[i]])), h = up(h);
    widths.see(all(l), all(h));
  }
  finite(widths.are_finite());
  return r;
}

// Each sum is kept as s + c, where c collects what s lost (exactly, by Knuth's sum): R sums err by R^2 u^2 sum |x|, below 2^-77 of it
// for R <= 2^14, before they are rounded once; where no number is negative `up` and `down` have room for both.
namespace {
struct Sum {
  double s = 0, c = 0, size = 0;
  void add(double x) {
    const double t = s + x, b = t - s;
    c += (s - (t - b)) + (x - b), s = t, size += std::fabs(x);
  }
};
struct Sums { // of ends
  Sum lower, upper;
  void add(double lo, double hi) { lower.add(lo), upper.add(hi); }
  void ends(double& lo, double& hi, Widths& widths) const {
    lo = upper.s == 0 ? 0 : std::max(0.0, down(lower.s + lower.c)), hi = upper.s == 0 ? 0 : up(upper.s + upper.c);
    widths.see(all(lo), all(hi));
  }
  void ends_of_any_signs(double& lo, double& hi, Widths& widths) const {
    lo = lower.size == 0 ? 0 : down(down(lower.s + lower.c) - lower.size * 0x1p-76);
    hi = upper.size == 0 ? 0 : up(up(upper.s + upper.c) + upper.size * 0x1p-76);
    widths.see(all(lo), all(hi));
  }
};
constexpr std::size_t most_sums = std::size_t{1} << 14;
} // namespace
Made Fast::sums_before(const View& x) const {
  const std::size_t R = x.shape.rows, C = x.shape.columns;
  finite(R <= most_sums);
  const Source from(x);
  const MadeDoubles r = make({R + 1, C});
  std::vector<Sums> sums(C);
  Widths widths;
  for (std::size_t i = 0; i <= R; ++i)
    for (std::size_t j = 0; j < C; ++j) {
      sums[j].ends(r->lo()[i * C + j], r->hi()[i * C + j], widths);
      if (i < R) sums[j].add(from.lo[i * from.row + j * from.column], from.hi[i * from.row + j * from.column]);
    }
  finite(widths.are_finite());
  return r;
}
Made Fast::sums_by_label(const View& x, Indices labels, std::size_t count, Sign sign) const {
  const std::size_t R = x.shape.rows, C = x.shape.columns;
  finite(R <= most_sums);
  const Source from(x);
  const MadeDoubles r = make({count, C});
  std::vector<Sums> sums(count * C);
  for (std::size_t i = 0; i < R; ++i)
    for (std::size_t j = 0; j < C; ++j)
      sums[labels[i] * C + j].add(from.lo[i * from.row + j * from.column], from.hi[i * from.row + j * from.column]);
  Widths widths;
  for (std::size_t o = 0; o < sums.size(); ++o)
    sign == Sign::any ? sums[o].ends_of_any_signs(r->lo()[o], r->hi()[o], widths)
                      : sums[o].ends(r->lo()[o], r->hi()[o], widths);
  finite(widths.are_finite());
  return r;
}
// The least of lower ends, the largest of upper ones.
Made Fast::hulls_by_label(const View& x, Indices labels, std::size_t count) const {
  const std::size_t C = x.shape.columns;
  const Source from(x);
  const MadeDoubles r = make({count, C});
  std::fill_n(r->lo(), count * C, infinity), std::fill_n(r->hi(), count * C, -infinity);
  for (std::size_t i = 0; i < labels.size(); ++i)
    for (std::size_t j = 0; j < C; ++j) {
      double &lo = r->lo()[labels[i] * C + j], &hi = r->hi()[labels[i] * C + j];
      lo = std::min(lo, from.lo[i * from.row + j * from.column]);
      hi = std::max(hi, from.hi[i * from.row + j * from.column]);
    }
  return r;
}

} // namespace verifier::kernel::doubles
