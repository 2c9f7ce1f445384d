#include "lengths/lengths.hpp"

#include "lengths/rules.hpp"
#include "support/limits.hpp"

#include <algorithm>
#include <stdexcept>

namespace proofmark {

using namespace lengths;

Lengths::Lengths(const Shape& shape, Hints hints) : shape_(shape), hints_(std::move(hints)) {}

Operations Lengths::tables(std::span<const std::string_view> rules) const {
  const auto cites = [&](std::string_view rule) { return std::ranges::find(rules, rule) != rules.end(); };
  Operations count;
  if (shape_.family == Family::attention_only) {
    attention::prepare(count, shape_);
    return count;
  }
  token_sum::prepare(count, shape_);
  if (cites("convexity@1") && shape_.task.context == 2) token_sum::add_squares(count, shape_.task);
  if (cites("block-jensen@1")) token_sum::add_blocks(count, shape_.task, hints_.blocks.size());
  if (cites("head-tail@1")) token_sum::add_head_tail(count, *hints_.head_tail);
  return count;
}

Operations Lengths::step(std::string_view rule, LabelRange labels, bool correct) const {
  const Task& task = shape_.task;
  Operations count;
  if (shape_.family == Family::attention_only) {
    const attention::Rule of_label = attention::rule(rule);
    if (task.vocabulary == 1) return count; // the verifier knows all
    for (std::uint64_t m = labels.from; m < labels.to && count.length() <= limits::length; ++m)
      of_label(count, task, hints_, m, correct);
    return count;
  }
  if (rule == "enumeration@1")
    token_sum::enumeration(count, task, labels, correct);
  else if (rule == "symmetry@1")
    token_sum::symmetry(count, task, labels, correct);
  else if (rule == "convexity@1")
    token_sum::convexity(count, task, labels, correct);
  else if (rule == "block-jensen@1")
    token_sum::block_jensen(count, task, hints_.blocks, labels, correct);
  else if (rule == "head-tail@1")
    token_sum::head_tail(count, *hints_.head_tail, labels, correct);
  else
    throw std::logic_error("no such rule");
  return count;
}

Operations conclusion_operations(std::uint64_t steps, std::uint64_t declared_by_each, std::uint64_t claims) {
  Operations count;
  count.add = Integer(steps) * declared_by_each;
  count.compare = count.add + claims;
  count.mul = claims;
  return count;
}

} // namespace proofmark
