// The points of `frontier` for models of the family token-sum.

#include "families/token_sum/strategies/strategies.hpp"

#include <fmt/format.h>

namespace proofmark {

namespace {

// Enumeration proves what symmetry proves at n! times the length: worth seeing while it costs nothing.
bool short_enough_for_enumeration(const Task& task) {
  return power(task.vocabulary, task.context) * task.vocabulary <= 500'000'000;
}

// Whether there is a proof at all for such a share of symmetry's multiplications.
bool covers_convexity(const Shape& shape, int percent) {
  const Integer shortest = predicted(convexity, shape, {}, true, true).mul - Lengths(shape).tables({}).mul;
  return 100 * shortest <= percent * products_of_symmetry(shape, true);
}

} // namespace

std::vector<NamedProof> token_sum_points(const Shape& shape) {
  const Task& task = shape.task;
  std::vector<NamedProof> points;
  const auto add = [&](const std::string& name, const Strategy& strategy) -> NamedProof& {
    return points.emplace_back(NamedProof{name, &strategy, {}, true});
  };
  // symmetry comes first: what it finds is the exact loss, from which the others' slack is measured.
  add("symmetry", symmetry);
  add("convexity", convexity);
  // Strategies with a size have one point for each size, named after it. Heads of a quarter of all outputs and more cost
  // about as much as everything.
  if (task.context >= 2) {
    for (const std::uint64_t head : {1, 4, 16, 64, 128})
      if (head == 1 || 4 * head <= task.vocabulary) add(fmt::format("head-tail-{}", head), head_tail).how.top = head;
    for (const int percent : {2, 6, 12})
      if (covers_convexity(shape, percent))
        add(fmt::format("mixed-{}-percent", percent), mixed).how.budget = parse_budget(fmt::format("0.{:02}", percent));
  }
  if (task.context == 2)
    for (const std::uint64_t blocks : {8, 32})
      if (4 * blocks <= task.vocabulary) add(fmt::format("block-jensen-{}", blocks), block_jensen).how.blocks = blocks;
  add("enumeration", enumeration).by_default = short_enough_for_enumeration(task);
  return points;
}

} // namespace proofmark
