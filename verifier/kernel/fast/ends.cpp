// What leaves the engine: signs that are certain, and ends in steps of 2^-60.
#include "fast.hpp"

#include <algorithm>

namespace verifier::kernel::doubles {
namespace {

__extension__ typedef __int128 Int128;

PROOFMARK_CLONES std::size_t count_negative_rows(Shape s, In x, std::size_t without) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < s.rows; ++i) {
    v4 most = all(-1);
    for (std::size_t j = 0; j < s.columns; j += 4) {
      v4 h = load(x.hi + i * x.row + j * x.column, x.column, s.columns - j, -1);
      if (without - j < 4) h[without - j] = -1;
      most = max4(most, h);
    }
    count += largest_lane(most) < 0;
  }
  return count;
}

// |x| < 2^26: a = x rounded to a multiple of 2^-24, and the rest, at most 2^-25, to steps by truncation. What is larger is a
// multiple of 2^-26.
Int128 steps(double x, std::int64_t outward) {
  finite(std::fabs(x) < 0x1p36);
  if (std::fabs(x) >= 0x1p26) return (static_cast<Int128>(static_cast<std::int64_t>(x * 0x1p26)) << 34) + outward;
  const double a = (x + 0x1.8p28) - 0x1.8p28;
  return (static_cast<Int128>(static_cast<std::int64_t>(a * 0x1p24)) << 36) +
         static_cast<std::int64_t>((x - a) * 0x1p60) + outward;
}
Integer exactly(Int128 x) {
  Integer r = static_cast<std::int64_t>(x >> 64);
  mpz_mul_2exp(r.get_mpz_t(), r.get_mpz_t(), 64);
  return r + static_cast<std::uint64_t>(x);
}

} // namespace

std::size_t Fast::negative_rows(const View& x, std::size_t without) const {
  return count_negative_rows(x.shape, Source(x), without);
}
std::vector<bool> Fast::negative(const View& x) const {
  const Source from(x);
  std::vector<bool> r;
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j) r.push_back(from.hi[i * from.row + j * from.column] < 0);
  return r;
}
std::vector<bool> Fast::not_negative(const View& x) const {
  const Source from(x);
  std::vector<bool> r;
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j) r.push_back(from.lo[i * from.row + j * from.column] >= 0);
  return r;
}
// Sums of 2^28 entries below 2^96 steps fit. What repeats may have more, and is left to the reference.
constexpr std::size_t most_terms = std::size_t{1} << 28;
Ends Fast::total(const View& x) const {
  finite(x.shape.size() <= most_terms);
  const Source from(x);
  Int128 lower = 0, upper = 0;
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j) {
      const std::size_t p = i * from.row + j * from.column;
      lower += steps(from.lo[p], -1), upper += steps(from.hi[p], 1);
    }
  return {exactly(lower), exactly(upper)};
}
std::vector<Ends> Fast::totals(const View& x, Indices kind, std::size_t kinds) const {
  finite(x.shape.size() <= most_terms);
  const Source from(x);
  std::vector<std::array<Int128, 2>> sums(kinds);
  for (std::size_t i = 0, of = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j, ++of) {
      const std::size_t p = i * from.row + j * from.column;
      sums[kind[of]][0] += steps(from.lo[p], -1), sums[kind[of]][1] += steps(from.hi[p], 1);
    }
  std::vector<Ends> e;
  for (const auto& [lower, upper] : sums) e.push_back({exactly(lower), exactly(upper)});
  return e;
}
Ends Fast::least(const View& x) const {
  const Source from(x);
  double lower = infinity, upper = infinity;
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j) {
      const std::size_t p = i * from.row + j * from.column;
      lower = std::min(lower, from.lo[p]), upper = std::min(upper, from.hi[p]);
    }
  return {exactly(steps(lower, -1)), exactly(steps(upper, 1))};
}

} // namespace verifier::kernel::doubles
