// What leaves the kernel: signs that are certain, and ends in steps of 2^-60.
#include "integers.hpp"
#include "making.hpp"

#include <algorithm>

namespace verifier::kernel {
namespace {
std::vector<bool> certainly(Certain what, const Real& x) {
  charges::signs(x.kernel(), x.rows(), x.columns());
  const Lease signs = x.kernel().meter.hold(x.rows(), x.columns());
  return x.kernel().engine.certainly(what, x.view());
}
void require_multiplicities(const Real& x, const Multiplicities& times) {
  require(times.kind.size() == x.rows() * x.columns(), "a kind for each entry");
  require_indices(times.kind, times.times.size(), "no such kind");
}
Least least(const Real& x) {
  if (x.rows() == 0 || x.columns() == 0) return {};
  Ends e = x.kernel().engine.least(x.view());
  return {std::move(e.lower), std::move(e.upper)};
}
// How often the entries count that do.
Integer count(const Multiplicities& times, const std::vector<bool>& counts) {
  std::vector<std::uint64_t> entries(times.times.size());
  for (std::size_t i = 0; i < counts.size(); ++i) entries[times.kind[i]] += counts[i] ? 1 : 0;
  Integer total;
  for (std::size_t kind = 0; kind < entries.size(); ++kind) total += times.times[kind] * integer(entries[kind]);
  return total;
}
void add_multiples(Total& total, const Real& x, const Multiplicities& times) {
  const std::vector<Ends> sums = x.kernel().engine.totals(x.view(), times.kind, times.times.size());
  for (std::size_t kind = 0; kind < sums.size(); ++kind) {
    const Integer& n = times.times[kind];
    const auto& [lower, upper] = sums[kind];
    total.lower += n * (n < 0 ? upper : lower), total.upper += n * (n < 0 ? lower : upper);
  }
}

} // namespace

std::vector<bool> negative(const Real& x) {
  return certainly(Certain::negative, x);
}
std::vector<bool> not_negative(const Real& x) {
  return certainly(Certain::not_negative, x);
}
Integer Multiplicities::sum() const {
  return count(*this, std::vector<bool>(kind.size(), true));
}
void Total::add(const Real& x) {
  charges::total(x);
  const Integer once = 1;
  add_multiples(*this, x, {{}, {&once, 1}});
}
void Total::add(const Real& x, const Integer& times) {
  charges::multiples_of_total(x);
  add_multiples(*this, x, {{}, {&times, 1}});
}
void Total::add(const Real& x, const Multiplicities& times) {
  charges::total_of_multiples(x);
  require_multiplicities(x, times);
  add_multiples(*this, x, times);
}
void Least::add(const Real& x) {
  charges::signs(x.kernel(), x.rows(), x.columns());
  add(least(x));
}
void Least::add(const Real& x, const std::vector<bool>& counted) {
  require(x.columns() == 1 && counted.size() == x.rows(), "one column, of which some entries count");
  charges::signs(x.kernel(), x.rows(), 1);
  if (std::ranges::find(counted, false) == counted.end()) return add(least(x));
  for (std::size_t i = 0; i < x.rows(); ++i)
    if (counted[i]) add(least(row(x, i)));
}
std::vector<bool> not_below(const Real& x, const Integer& steps) {
  require(x.columns() == 1, "one column");
  charges::signs(x.kernel(), x.rows(), 1);
  const auto reaches = [&](const Least& found) { return !found.lower || *found.lower >= steps; };
  std::vector<bool> found(x.rows(), reaches(least(x)));
  for (std::size_t i = 0; i < x.rows(); ++i) found[i] = found[i] || reaches(least(row(x, i)));
  return found;
}
void Least::add(const Least& x) {
  if (x.lower && (!lower || *x.lower < *lower)) lower = x.lower;
  if (x.upper && (!upper || *x.upper < *upper)) upper = x.upper;
}
Integer most_of_ln_2(Kernel& k, const Total& total) {
  static const Integer ln_2("b17217f7d1cf79abc9e3b39803f2f6a", 16); // of 2^-124: rounded down
  charges::quotient(k);
  return total.upper < 0 ? Integer(0) : Integer((total.upper << 64) / ln_2);
}
Integer count_negative(const Real& x, const Multiplicities& times) {
  require_multiplicities(x, times);
  charges::count(x);
  return count(times, negative(x));
}
Integer count_not_negative(const Real& x, const Multiplicities& times) {
  require_multiplicities(x, times);
  charges::count(x);
  return count(times, not_negative(x));
}

} // namespace verifier::kernel
