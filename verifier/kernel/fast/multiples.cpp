// Sums of listed rows of tables, each times a number that is not negative.
#include "fast.hpp"

#include <algorithm>

namespace verifier::kernel::doubles {
namespace {

struct Term {
  In times, table;
  const Index* at;
};

// Ends of products are the smaller and the larger of two, rounded once; each takes part in at most K - 1 sums that round: (K + 8) u
// of the sum of the larger ends' sizes covers K u of it and the rounding of the bound and of the end.
PROOFMARK_CLONES bool sums(Shape s, const Term* terms, std::size_t K, double* lo, double* hi) {
  Widths widths;
  const double relative = (static_cast<double>(K) + 8) * u;
  for (std::size_t i = 0; i < s.rows; ++i)
    for (std::size_t j = 0; j < s.columns; j += 4) {
      v4 l = all(0), h = l, size = l;
      for (const Term* term = terms; term != terms + K; ++term) {
        const In& times = term->times;
        const v4 a = all(times.lo[i * times.row]), b = all(times.hi[i * times.row]);
        const Entries x = load(term->table, term->at[i], j, s.columns - j, 0);
        const v4 low = min4(a * x.lo, b * x.lo), high = max4(a * x.hi, b * x.hi);
        l += low, h += high, size += max4(abs4(low), abs4(high));
      }
      const v4 error = size * relative + tiny, below = l - error, above = h + error;
      widths.see(below, above);
      store(lo + i * s.columns + j, below), store(hi + i * s.columns + j, above);
    }
  return widths.are_finite();
}

} // namespace

Made Fast::sum_of_multiples(Shape shape, std::span<const Multiple> terms) const {
  std::vector<Source> sources;       // of two tensors a term
  sources.reserve(2 * terms.size()); // so that none moves
  std::vector<Term> each;
  for (const auto& [times, table, at] : terms) {
    const Source& a = sources.emplace_back(times.view());
    const Source& b = sources.emplace_back(table.view());
    each.push_back({a, b, at.data()});
  }
  const MadeDoubles r = make(shape);
  finite(sums(shape, each.data(), each.size(), r->lo(), r->hi()));
  return r;
}

} // namespace verifier::kernel::doubles
