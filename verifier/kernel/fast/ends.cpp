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

Integer exactly(Int128 x) {
  Integer r = static_cast<std::int64_t>(x >> 64);
  mpz_mul_2exp(r.get_mpz_t(), r.get_mpz_t(), 64);
  return r + static_cast<std::uint64_t>(x);
}

// |x| < 2^36. |x| < 2^26: a = x rounded to a multiple of 2^-24, and the rest, at most 2^-25, to steps by truncation. What is larger
// is a multiple of 2^-26.
Int128 steps(double x, std::int64_t outward) {
  if (std::fabs(x) >= 0x1p26) return (static_cast<Int128>(static_cast<std::int64_t>(x * 0x1p26)) << 34) + outward;
  const double a = (x + 0x1.8p28) - 0x1.8p28;
  return (static_cast<Int128>(static_cast<std::int64_t>(a * 0x1p24)) << 36) +
         static_cast<std::int64_t>((x - a) * 0x1p60) + outward;
}

// A sum of ends: 2^28 of them below 2^96 steps fit 128 bits, and what is larger is a whole number of steps.
class Sum {
public:
  explicit Sum(std::int64_t outward) : outward_(outward) {}
  void add(double x) {
    if (std::fabs(x) < 0x1p36) {
      small_ += steps(x, outward_);
    } else {
      finite(std::fabs(x) < 0x1p900);
      large_ += Integer(x * 0x1p60);
    }
  }
  Integer all() const { return exactly(small_) + large_; }

private:
  std::int64_t outward_;
  Int128 small_ = 0;
  Integer large_;
};
struct Both {
  Sum lower{-1}, upper{1};
  Ends ends() const { return {lower.all(), upper.all()}; }
};

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
// What repeats may have more entries than a sum, and is left to the reference.
constexpr std::size_t most_terms = std::size_t{1} << 28;
Ends Fast::total(const View& x) const {
  finite(x.shape.size() <= most_terms);
  const Source from(x);
  Both sums;
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j) {
      const std::size_t p = i * from.row + j * from.column;
      sums.lower.add(from.lo[p]), sums.upper.add(from.hi[p]);
    }
  return sums.ends();
}
std::vector<Ends> Fast::totals(const View& x, Indices kind, std::size_t kinds) const {
  finite(x.shape.size() <= most_terms);
  const Source from(x);
  std::vector<Both> sums(kinds);
  for (std::size_t i = 0, of = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j, ++of) {
      const std::size_t p = i * from.row + j * from.column;
      sums[kind[of]].lower.add(from.lo[p]), sums[kind[of]].upper.add(from.hi[p]);
    }
  std::vector<Ends> e;
  for (const Both& sum : sums) e.push_back(sum.ends());
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
  Both one;
  one.lower.add(lower), one.upper.add(upper);
  return one.ends();
}

} // namespace verifier::kernel::doubles
