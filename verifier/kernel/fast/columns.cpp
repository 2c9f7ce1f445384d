// Folds along columns: four lanes, joined at the end.
#include "exp_log.hpp"
#include "fast.hpp"

#include <algorithm>

namespace verifier::kernel::doubles {
namespace {

// Times 1 or -1, which is exact.
PROOFMARK_INLINE bool largest_times(double sign, Shape s, In x, double* lo, double* hi) {
  for (std::size_t i = 0; i < s.rows; ++i) {
    v4 l = all(-infinity), h = l;
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const Entries a = load(x, i, j, s.columns - j, -sign * infinity);
      l = max4(l, sign * a.lo), h = max4(h, sign * a.hi);
    }
    lo[i] = sign * largest_lane(l), hi[i] = sign * largest_lane(h);
  }
  return true;
}
PROOFMARK_CLONES bool largest_of_rows(Shape s, In x, double* lo, double* hi) {
  return largest_times(1, s, x, lo, hi);
}
PROOFMARK_CLONES bool smallest_of_rows(Shape s, In x, double* lo, double* hi) {
  return largest_times(-1, s, x, lo, hi);
}
PROOFMARK_CLONES void largest_of_rows_without(Shape s, In x, const Index* without, double* lo, double* hi) {
  for (std::size_t i = 0; i < s.rows; ++i) {
    v4 l = all(-infinity), h = l;
    const std::int64_t w = without[i];
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const Entries a = load(x, i, j, s.columns - j, -infinity);
      const auto first = static_cast<std::int64_t>(j);
      const i4 left_out = i4{first, first + 1, first + 2, first + 3} == i4{w, w, w, w};
      l = max4(l, left_out ? all(-infinity) : a.lo), h = max4(h, left_out ? all(-infinity) : a.hi);
    }
    lo[i] = largest_lane(l), hi[i] = largest_lane(h);
  }
}
// |error| <= (K/4 + 3) u sum |x|, whatever the signs; K + 8 covers the rounding of the bound.
PROOFMARK_CLONES bool sum_of_rows(Shape s, In x, double* lo, double* hi) {
  Widths widths;
  const double relative = (static_cast<double>(s.columns) + 8) * u;
  for (std::size_t i = 0; i < s.rows; ++i) {
    v4 l = all(0), h = l, al = l, ah = l;
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const Entries a = load(x, i, j, s.columns - j, 0);
      l += a.lo, h += a.hi, al += abs4(a.lo), ah += abs4(a.hi);
    }
    lo[i] = sum_of_lanes(l) - (sum_of_lanes(al) * relative + tiny);
    hi[i] = sum_of_lanes(h) + (sum_of_lanes(ah) * relative + tiny);
    widths.see(all(lo[i]), all(hi[i]));
  }
  return widths.are_finite();
}
// ln(n + S) of each row: S = sum exp, but for entries that are exactly 0, of which `n` counts `ones` and those that stand there. Of the
// upper ends h alone: it is convex in the entries, so at any x >= lo it is at least its value at h less the mean of the gaps h - lo,
// weighed by exp h / (n + S): one exponential an entry. One below -600 counts as -600; false where one is beyond 300. S has the terms'
// 4 u and (K/4 + 3) u relative.
//   n = 0: ln S, log4 with its slack. What counts as -600: K of them are less than u where S is at least 2^-200.
//   n > 0: w + e = n + S exactly (Knuth), and ln w + e/w errs by u/2 relatively. S / (n + S) <= ln(n + S). log4 errs by 3 u relative
//   up to w = sqrt 2, where all its terms are multiples of f = w - 1, and by 2 u (1 + ln w) above. All that is below (K + 32) u.
// Where the mean of the gaps is not small, the lower end is also that of ln(n + S) at the lower ends, and the larger of the two is
// taken: an exponential more. One below -600 counts as nothing then.
struct LogOfSum {
  v4 value, error;
};
PROOFMARK_INLINE LogOfSum log_of_sum(v4 n, v4 S, double K) {
  const v4 w = S + n, b = w - S, e = (n - b) + (S - (w - b)), L = log4(w) + e / w;
  return {L, n > all(0) ? L * ((K + 32) * u) + tiny : slack_of_log(L) + (K + 16) * u};
}
PROOFMARK_INLINE double sum_of_exp_from_below(Shape s, In x, std::size_t i) { // but for entries that are exactly 0
  v4 sum = all(0);
  for (std::size_t j = 0; j < s.columns; j += 4) {
    const Entries a = load(x, i, j, s.columns - j, -infinity);
    const v4 e = exp4(max4(a.lo, all(least_argument)));
    sum += (a.lo >= all(least_argument)) & ~((a.lo == all(0)) & (a.hi == all(0))) ? e : all(0);
  }
  return sum_of_lanes(sum);
}
constexpr double small_gap = 0x1p-20;
PROOFMARK_INLINE bool logs_of_sums(Shape s, In x, double ones, double* lo, double* hi) {
  Widths widths;
  bool within = true;
  const double K = static_cast<double>(s.columns);
  for (std::size_t first = 0; first < s.rows; first += 4) {
    v4 S = all(1), gaps = all(0), n = all(ones); // of four rows
    const std::size_t rows = s.rows - first < 4 ? s.rows - first : 4;
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t i = first + row;
      v4 sum = all(0), sum_of_gaps = sum, zeros = sum, top = all(least_argument);
      for (std::size_t j = 0; j < s.columns; j += 4) {
        const std::size_t left = s.columns - j;
        const v4 h = load(x.hi + i * x.row + j * x.column, x.column, left, -infinity), b = max4(h, all(least_argument));
        const v4 l = load(x.lo + i * x.row + j * x.column, x.column, left, least_argument);
        const i4 is_zero = (l == all(0)) & (h == all(0));
        const v4 e = left >= 4 ? exp4(b) : (h > -infinity ? exp4(b) : all(0));
        sum += is_zero ? all(0) : e, zeros += is_zero ? all(1) : all(0);
        sum_of_gaps += e * (b - l), top = max4(top, b);
      }
      S[row] = sum_of_lanes(sum), gaps[row] = sum_of_lanes(sum_of_gaps), n[row] += sum_of_lanes(zeros);
      within = within && largest_lane(top) <= greatest_argument && (n[row] > 0 || S[row] >= 0x1p-200);
    }
    const auto [L, error] = log_of_sum(n, S, K);
    const v4 of_sum = n > all(0) ? all((K + 32) * u) : all((K + 16) * u);
    const v4 mean = up(gaps / (S + n) * (4 * of_sum + 1)), above = up(L + error);
    v4 below = down(down(L - error) - mean);
    if (largest_lane(mean) > small_gap) {
      v4 T = all(1);
      for (std::size_t row = 0; row < rows; ++row) T[row] = sum_of_exp_from_below(s, x, first + row);
      const auto [least, its_error] = log_of_sum(n, T, K);
      below = ((n > all(0)) | (T >= all(0x1p-200))) ? max4(below, down(least - its_error)) : below;
    }
    const v4 l = n > all(0) ? max4(below, all(0)) : below;
    widths.see(l, above);
    store(lo + first, l), store(hi + first, above);
  }
  return within && widths.are_finite();
}
PROOFMARK_CLONES bool log_sum_exp_of_rows(Shape s, In x, double* lo, double* hi) {
  return logs_of_sums(s, x, 0, lo, hi);
}
PROOFMARK_CLONES bool log_one_plus_sum_exp_of_rows(Shape s, In x, double* lo, double* hi) {
  return logs_of_sums(s, x, 1, lo, hi);
}

} // namespace

Made Fast::fold(Fold op, const View& x, Sign sign) const {
  static constexpr std::array by_op = {largest_of_rows, smallest_of_rows, sum_of_rows, log_sum_exp_of_rows,
                                       log_one_plus_sum_exp_of_rows};
  const MadeDoubles r = make({x.shape.rows, 1});
  finite(by_op.at(static_cast<std::size_t>(op))(x.shape, Source(x), r->lo(), r->hi()));
  if (sign == Sign::not_negative)
    for (std::size_t i = 0; i < x.shape.rows; ++i) r->lo()[i] = std::max(0.0, r->lo()[i]);
  return r;
}

// Maxima of ends are ends of maxima.
Made Fast::largest_without(const View& x, Indices without) const {
  const MadeDoubles r = make({x.shape.rows, 1});
  largest_of_rows_without(x.shape, Source(x), without.data(), r->lo(), r->hi());
  return r;
}
Made Fast::scan(Scan op, const View& x) const {
  const Source from(x);
  const std::size_t C = x.shape.columns;
  const MadeDoubles r = make(x.shape);
  const auto scan_row = [&](const double* row, double* to) {
    double most = -infinity, second = -infinity; // of the columns so far
    std::size_t first = 0;                       // where the largest stands
    for (std::size_t j = 0; j < C; ++j) {
      const double y = row[j * from.column];
      if (y > most)
        second = most, most = y, first = j;
      else
        second = max2(second, y);
      to[j] = most;
    }
    if (op == Scan::largest_so_far) return;
    std::fill(to, to + C, most);
    to[first] = second;
  };
  for (std::size_t i = 0; i < x.shape.rows; ++i) {
    scan_row(from.lo + i * from.row, r->lo() + i * C);
    scan_row(from.hi + i * from.row, r->hi() + i * C);
  }
  return r;
}

// The least k of lower ends, and the largest k of upper ones.
Made Fast::sums_of_any(const View& b) const {
  const Source from(b);
  const std::size_t n = b.shape.columns;
  std::vector<double> lo(n), hi(n);
  const MadeDoubles r = make({b.shape.rows, n + 1});
  Widths widths;
  double *l = r->lo(), *h = r->hi();
  for (std::size_t i = 0; i < b.shape.rows; ++i) {
    for (std::size_t j = 0; j < n; ++j)
      lo[j] = from.lo[i * from.row + j * from.column], hi[j] = from.hi[i * from.row + j * from.column];
    std::sort(lo.begin(), lo.end()), std::sort(hi.rbegin(), hi.rend());
    *l++ = *h++ = 0;
    for (std::size_t k = 0; k < n; ++k, ++l, ++h) {
      *l = std::max(0.0, down(l[-1] + lo[k])), *h = up(h[-1] + hi[k]);
      widths.see(all(*l), all(*h));
    }
  }
  finite(widths.are_finite());
  return r;
}

} // namespace verifier::kernel::doubles
