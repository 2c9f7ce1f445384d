#include "enumeration/rows.hpp"

#include <algorithm>
#include <set>

namespace proofmark::enumeration {

namespace {

// An index is a number with a digit a position. Digits `lo` and `hi` are of the first and the last index of an interval; a function is
// about the digits from p on, and counts what they are on the set. Each has at most two branches that are not counted at once, and
// only one that goes on in two: linear in n.
class Product {
public:
  Product(const Domain& domain, std::uint64_t from, std::uint64_t to, PositionSet on)
      : sizes_(domain.positions), lo_(digits(domain, from)), hi_(digits(domain, to - 1)), on_(on),
        full_(domain.positions + 1, 1) {
    for (std::size_t p = domain.positions; p-- > 0;) {
      sizes_[p] = domain.ranges[p].to - domain.ranges[p].from;
      full_[p] = counts(p) ? full_[p + 1] * sizes_[p] : full_[p + 1]; // may wrap where it is not used
    }
  }

  std::uint64_t between(std::size_t p) const { // lo .. hi
    if (p == sizes_.size()) return 1;
    if (lo_[p] == hi_[p]) return between(p + 1);
    if (counts(p)) return above(p + 1) + (hi_[p] - lo_[p] - 1) * full_[p + 1] + below(p + 1);
    return hi_[p] - lo_[p] > 1 ? full_[p + 1] : outside(p + 1);
  }

private:
  static std::vector<std::uint64_t> digits(const Domain& domain, std::uint64_t index) {
    std::vector<std::uint64_t> result(domain.positions);
    for (std::size_t p = domain.positions; p-- > 0;) {
      const std::uint64_t size = domain.ranges[p].to - domain.ranges[p].from;
      result[p] = index % size;
      index /= size;
    }
    return result;
  }
  bool counts(std::size_t p) const { return (on_ >> p & 1) == 1; }

  std::uint64_t above(std::size_t p) const { // lo .. the last
    if (p == sizes_.size()) return 1;
    if (counts(p)) return above(p + 1) + (sizes_[p] - 1 - lo_[p]) * full_[p + 1];
    return lo_[p] + 1 < sizes_[p] ? full_[p + 1] : above(p + 1);
  }
  std::uint64_t below(std::size_t p) const { // 0 .. hi
    if (p == sizes_.size()) return 1;
    if (counts(p)) return hi_[p] * full_[p + 1] + below(p + 1);
    return hi_[p] > 0 ? full_[p + 1] : below(p + 1);
  }
  std::uint64_t outside(std::size_t p) const { // 0 .. hi and lo .. the last
    if (p == sizes_.size()) return 1;
    if (!counts(p)) return lo_[p] + 1 < sizes_[p] || hi_[p] > 0 ? full_[p + 1] : outside(p + 1);
    if (hi_[p] > lo_[p]) return full_[p];
    if (hi_[p] == lo_[p]) return (sizes_[p] - 1) * full_[p + 1] + outside(p + 1);
    return (hi_[p] + sizes_[p] - 1 - lo_[p]) * full_[p + 1] + below(p + 1) + above(p + 1);
  }

  std::vector<std::uint64_t> sizes_, lo_, hi_;
  PositionSet on_;
  std::vector<std::uint64_t> full_; // of all digits from p on
};

std::uint64_t listed(const Domain& domain, std::uint64_t from, std::uint64_t to, PositionSet on) {
  std::set<std::vector<Token>> seen;
  std::vector<Token> input(domain.positions);
  for (std::uint64_t i = from; i < to; ++i) {
    input_at(domain, i, input);
    std::vector<Token> combination;
    for (std::size_t p = 0; p < domain.positions; ++p)
      if ((on >> p & 1) == 1) combination.push_back(input[p]);
    seen.insert(std::move(combination));
  }
  return seen.size();
}

} // namespace

std::vector<std::uint64_t> rows(const Domain& domain, std::uint64_t from, std::uint64_t to,
                                const std::vector<PositionSet>& sets) {
  std::vector<std::uint64_t> result;
  for (const PositionSet on : sets)
    result.push_back(domain.is_product() ? Product(domain, from, to, on).between(0) : listed(domain, from, to, on));
  return result;
}

} // namespace proofmark::enumeration
