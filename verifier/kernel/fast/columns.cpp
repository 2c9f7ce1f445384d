// Folds along columns: four lanes, joined at the end.
#include "exp_log.hpp"
#include "fast.hpp"

#include <algorithm>

namespace verifier::kernel::doubles {
namespace {

PROOFMARK_CLONES bool largest_of_rows(Shape s, In x, double* lo, double* hi) {
  for (std::size_t i = 0; i < s.rows; ++i) {
    v4 l = all(-infinity), h = l;
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const std::size_t p = i * x.row + j * x.column, n = s.columns - j;
      l = max4(l, load(x.lo + p, x.column, n, -infinity)), h = max4(h, load(x.hi + p, x.column, n, -infinity));
    }
    lo[i] = largest_lane(l), hi[i] = largest_lane(h);
  }
  return true;
}
// |error| <= (K/4 + 3) u sum |x|, whatever the signs; K + 8 covers the rounding of the bound.
PROOFMARK_CLONES bool sum_of_rows(Shape s, In x, double* lo, double* hi) {
  Widths widths;
  const double relative = (static_cast<double>(s.columns) + 8) * u;
  for (std::size_t i = 0; i < s.rows; ++i) {
    v4 l = all(0), h = l, al = l, ah = l;
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const std::size_t p = i * x.row + j * x.column, n = s.columns - j;
      const v4 a = load(x.lo + p, x.column, n, 0), b = load(x.hi + p, x.column, n, 0);
      l += a, h += b, al += abs4(a), ah += abs4(b);
    }
    lo[i] = sum_of_lanes(l) - (sum_of_lanes(al) * relative + tiny);
    hi[i] = sum_of_lanes(h) + (sum_of_lanes(ah) * relative + tiny);
    widths.see(all(lo[i]), all(hi[i]));
  }
  return widths.are_finite();
}
// Of the upper ends h alone. ln sum exp is convex, so at any x >= lo it is at least its value at h less the mean of the gaps
// h - lo, weighed by exp h: one exponential an entry. The sums have the terms' 4 u and (K/4 + 3) u relative, the logarithm
// 2 u (1 + |L|). An entry below -600 counts as -600: K of them are less than u where the sum is at least 2^-200.
PROOFMARK_CLONES bool log_sum_exp_of_rows(Shape s, In x, double* lo, double* hi) {
  constexpr double least_argument = -600, greatest_argument = 300;
  Widths widths;
  const double relative = (static_cast<double>(s.columns) + 16) * u;
  for (std::size_t i = 0; i < s.rows; ++i) {
    v4 total = all(0), gaps = total, top = all(least_argument);
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const std::size_t p = i * x.row + j * x.column, n = s.columns - j;
      const v4 b = max4(load(x.hi + p, x.column, n, least_argument), all(least_argument)), e = exp4(b);
      total += e, gaps += e * (b - load(x.lo + p, x.column, n, least_argument)), top = max4(top, b);
    }
    hi[i] = sum_of_lanes(total), lo[i] = sum_of_lanes(gaps);
    const bool within = largest_lane(top) <= greatest_argument && hi[i] >= 0x1p-200;
    widths.see(all(0), all(within ? 0 : infinity));
  }
  if (!widths.are_finite()) return false;
  for (std::size_t i = 0; i < s.rows; i += 4) {
    const v4 sum = load(hi + i, 1, s.rows - i, 1), L = log4(sum), e = (abs4(L) + 1) * (4 * u) + relative;
    const v4 mean = up(load(lo + i, 1, s.rows - i, 0) / sum * (1 + 4 * relative));
    const v4 l = down(down(L - e) - mean), h = up(L + e);
    widths.see(l, h);
    store(lo + i, l), store(hi + i, h);
  }
  return widths.are_finite();
}

} // namespace

Made Fast::fold(Fold op, const View& x, Sign sign) const {
  const Source a(x);
  const MadeDoubles r = make({x.shape.rows, 1});
  const auto f = op == Fold::largest ? largest_of_rows : op == Fold::sum ? sum_of_rows : log_sum_exp_of_rows;
  finite(f(x.shape, a, r->lo(), r->hi()));
  if (sign == Sign::not_negative)
    for (std::size_t i = 0; i < x.shape.rows; ++i) r->lo()[i] = std::max(0.0, r->lo()[i]);
  return r;
}

// The least k of lower ends, and the largest k of upper ones.
Made Fast::sums_of_any(const View& b) const {
  const Source from(b);
  std::vector<double> lo, hi;
  for (std::size_t j = 0; j < b.shape.columns; ++j)
    lo.push_back(from.lo[j * from.column]), hi.push_back(from.hi[j * from.column]);
  std::sort(lo.begin(), lo.end()), std::sort(hi.rbegin(), hi.rend());
  const MadeDoubles r = make({lo.size() + 1, 1});
  r->lo()[0] = r->hi()[0] = 0;
  Widths widths;
  for (std::size_t k = 0; k < lo.size(); ++k) {
    r->lo()[k + 1] = std::max(0.0, down(r->lo()[k] + lo[k])), r->hi()[k + 1] = up(r->hi()[k] + hi[k]);
    widths.see(all(r->lo()[k + 1]), all(r->hi()[k + 1]));
  }
  finite(widths.are_finite());
  return r;
}

} // namespace verifier::kernel::doubles
