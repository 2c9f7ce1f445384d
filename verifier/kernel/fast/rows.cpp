// Rows with rows: the upper ends are multiplied (or added) once, and the lower ends follow from the largest gap of each row.
#include "fast.hpp"
#include "tiles.hpp"

#include <algorithm>

namespace verifier::kernel::doubles {
namespace {

Matrix upper_ends(const Rows& x) {
  return {x.hi, x.count, x.length};
}

// z is the product of upper ends, all of them at most 2^300. The exact one lies between z (1 +- error) and, further down, (1 - a)
// (1 - b) times that, for relative gaps a, b; apart from entries below 2^-800, which may be zero: at most K 2^-500 together.
PROOFMARK_CLONES bool ends_of_products(Shape s, double* lo, double* hi, double error, double lost, const double* a,
                                       const double* b) {
  v4 most = all(0);
  for (std::size_t i = 0; i < s.rows; ++i)
    for (std::size_t j = 0; j < s.columns; j += 4) {
      const std::size_t o = i * s.columns + j;
      const v4 z = load(hi + o, 1, s.columns - j, 0),
               gap = (load(b + j, 1, s.columns - j, 0) + (a[i] + error)) * (1 + 8 * u);
      most = max4(most, z);
      const v4 l = max4(z - (z * gap + lost), all(0)), h = z + (z * error + tiny);
      if (s.columns - j >= 4) {
        store(lo + o, l), store(hi + o, h);
      } else {
        std::memcpy(lo + o, &l, (s.columns - j) * sizeof(double)),
            std::memcpy(hi + o, &h, (s.columns - j) * sizeof(double));
      }
    }
  return largest_lane(most) < 0x1p300;
}
} // namespace

Made Fast::dots(const View& x, const View& y) const {
  const Rows a(x), b(y);
  const std::size_t K = x.shape.columns;
  const MadeDoubles r = make({x.shape.rows, y.shape.rows});
  for (const Rows* rows : {&a, &b})
    for (const double most : rows->largest) finite(most < 0x1p300);
  products(upper_ends(a), upper_ends(b), r->hi());
  std::vector<double> gaps(b.relative.begin(), b.relative.end()); // room for a whole last vector
  gaps.resize(gaps.size() + 4);
  const double lost = static_cast<double>(K) * 0x1p-499 + tiny;
  finite(ends_of_products(r->shape, r->lo(), r->hi(), product_error(K) + 4 * u, lost, a.relative.data(), gaps.data()));
  return r;
}
Made Fast::largest_sums(const View& x, const View& y, Indices without) const {
  const Rows a(x), b(y);
  const std::size_t C = y.shape.rows;
  const MadeDoubles r = make({x.shape.rows, C});
  doubles::largest_sums(upper_ends(a), upper_ends(b), without, r->hi());
  Widths widths;
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < C; ++j) {
      const double z = r->hi()[i * C + j];
      double &l = r->lo()[i * C + j], &h = r->hi()[i * C + j];
      h = up(z), l = down(down(z) - up(a.absolute[i] + b.absolute[j]));
      widths.see(all(l), all(h));
    }
  finite(widths.are_finite());
  return r;
}

} // namespace verifier::kernel::doubles
