// Pairs of rows, and sums of rows before: as in rows.cpp, upper ends first.
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

// The ends of a product from that of the upper ends, z; rows.cpp has the argument. `hi` holds z before.
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

// Each sum is kept as s + c, where c collects what s lost (exactly, by Knuth's sum): R sums of numbers that are not negative err
// by R^2 u^2 relative, below 2^-78 for R <= 2^14, before they are rounded once; `up` and `down` have room for both.
namespace {
struct Sum {
  double s = 0, c = 0;
  void add(double x) {
    const double t = s + x, b = t - s;
    c += (s - (t - b)) + (x - b), s = t;
  }
};
} // namespace
Made Fast::sums_before(const View& x) const {
  const std::size_t R = x.shape.rows, C = x.shape.columns;
  finite(R <= (std::size_t{1} << 14));
  const Source from(x);
  const MadeDoubles r = make({R + 1, C});
  std::vector<Sum> lower(C), upper(C);
  std::fill(r->lo(), r->lo() + C, 0.0), std::fill(r->hi(), r->hi() + C, 0.0);
  Widths widths;
  for (std::size_t i = 0; i < R; ++i)
    for (std::size_t j = 0; j < C; ++j) {
      const std::size_t p = i * from.row + j * from.column, o = (i + 1) * C + j;
      lower[j].add(from.lo[p]), upper[j].add(from.hi[p]);
      r->lo()[o] = std::max(0.0, down(lower[j].s + lower[j].c)), r->hi()[o] = up(upper[j].s + upper[j].c);
      widths.see(all(r->lo()[o]), all(r->hi()[o]));
    }
  finite(widths.are_finite());
  return r;
}

} // namespace verifier::kernel::doubles
