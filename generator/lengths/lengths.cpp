#include "lengths/lengths.hpp"

namespace proofmark {

Lengths::Lengths(const Shape& shape, Hints hints) : shape_(shape), hints_(std::move(hints)) {}

Operations Lengths::tables(std::span<const std::string_view> rules) const {
  return shape_.family->lengths.tables(shape_, rules, hints_);
}

Operations Lengths::step(std::string_view rule, LabelRange labels, bool correct) const {
  return shape_.family->lengths.step(shape_.task, rule, labels, hints_, correct);
}

Operations conclusion_operations(std::uint64_t steps, std::uint64_t declared_by_each, std::uint64_t claims) {
  Operations count;
  count.add = Integer(steps) * declared_by_each;
  count.compare = count.add + claims;
  count.mul = claims;
  return count;
}

} // namespace proofmark
