// What leaves the engine: signs that are certain, and ends in steps of 2^-60.
#include "../integers.hpp"
#include "fast.hpp"

#include <algorithm>

namespace verifier::kernel::doubles {
namespace {

__extension__ typedef __int128 Int128;

Integer exactly(Int128 x) {
  const auto part = [](Int128 bits) { return integer(static_cast<std::uint64_t>(bits)); };
  return x < 0 ? Integer(-exactly(-x)) : Integer((part(x >> 64) << 64) + part(x)); // never the least of all
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
  void add(double lo, double hi) { lower.add(lo), upper.add(hi); }
  Ends ends() const { return {lower.all(), upper.all()}; }
};

} // namespace

std::vector<bool> Fast::certainly(Certain what, const View& x) const {
  std::vector<bool> r;
  each(x, [&](double lo, double hi) { r.push_back(what == Certain::negative ? hi < 0 : lo >= 0); });
  return r;
}
// What repeats may have more entries than a sum, and is left to the reference.
constexpr std::size_t most_terms = std::size_t{1} << 28;
std::vector<Ends> Fast::totals(const View& x, Indices kind, std::size_t kinds) const {
  finite(x.shape.size() <= most_terms);
  std::vector<Both> sums(kinds);
  if (kind.empty() && kinds > 0)
    each(x, [&all = sums[0]](double lo, double hi) { all.add(lo, hi); });
  else
    each(x, [&, of = kind.begin()](double lo, double hi) mutable { sums[*of++].add(lo, hi); });
  std::vector<Ends> e;
  for (const Both& sum : sums) e.push_back(sum.ends());
  return e;
}
Ends Fast::least(const View& x) const {
  double lower = infinity, upper = infinity;
  each(x, [&](double lo, double hi) { lower = std::min(lower, lo), upper = std::min(upper, hi); });
  Both one;
  one.add(lower, upper);
  return one.ends();
}

} // namespace verifier::kernel::doubles
