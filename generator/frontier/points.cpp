#include "frontier/points.hpp"

#include "strategies/strategy.hpp"

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

std::vector<Point> token_sum_points(const Shape& shape, const ProofOptions& common) {
  const Task& task = shape.task;
  std::vector<Point> points;
  const auto add = [&](const std::string& name, const std::string& strategy) -> Point& {
    points.push_back({name, common, true});
    points.back().proof.strategy = strategy;
    return points.back();
  };
  // symmetry comes first: what it finds is the exact loss, from which the others' slack is measured.
  add("symmetry", "symmetry");
  add("convexity", "convexity");
  // Strategies with a size have one point for each size, named after it. Heads of a quarter of all outputs and more cost
  // about as much as everything.
  if (task.context >= 2) {
    for (const std::uint64_t head : {1, 4, 16, 64, 128})
      if (head == 1 || 4 * head <= task.vocabulary)
        add(fmt::format("head-tail-{}", head), "head-tail").proof.how.top = head;
    for (const int percent : {2, 6, 12})
      if (covers_convexity(shape, percent))
        add(fmt::format("mixed-{}-percent", percent), "mixed").proof.how.budget =
            parse_budget(fmt::format("0.{:02}", percent));
  }
  if (task.context == 2)
    for (const std::uint64_t blocks : {8, 32})
      if (4 * blocks <= task.vocabulary)
        add(fmt::format("block-jensen-{}", blocks), "block-jensen").proof.how.blocks = blocks;
  add("enumeration", "enumeration").by_default = short_enough_for_enumeration(task);
  return points;
}

// Each strategy as it is, and those with a size with more and more of it. A long proof is made when it is asked for.
std::vector<Point> attention_only_points(const Shape& shape, const ProofOptions& common) {
  const Task& task = shape.task;
  std::vector<Point> points;
  const auto add = [&](const std::string& name, const Strategy& strategy, const StrategyOptions& how) {
    const auto affordable = [](const Integer& length) { return length <= 500'000'000; };
    const bool by_default = (!strategy.least || affordable(strategy.least(task))) &&
                            affordable(predicted(strategy, shape, how, true, true).length());
    points.push_back({name, common, by_default});
    points.back().proof.strategy = strategy.name;
    points.back().proof.how = how;
  };
  for (const Strategy* strategy : strategies(Family::attention_only))
    add(std::string(strategy->name), *strategy, common.how);
  StrategyOptions how = common.how;
  how.joint = true;
  add("near-far-joint", near_far, how);
  add("soft-near-far-joint", soft_near_far, how);
  if (task.vocabulary < 16) return points;
  how.outputs = 4;
  add("near-far-4-heads", near_far, how);
  add("soft-near-far-4-heads", soft_near_far, how);
  how.near.reset();
  add("near-far-best", near_far, how);
  if (task.vocabulary >= 32) {
    how.outputs = 16;
    add("soft-near-far-best", soft_near_far, how);
  }
  StrategyOptions tight = common.how;
  tight.near = 6;
  tight.fill = 2;
  add("placements-6-near", placements, tight);
  return points;
}

} // namespace

std::vector<Point> frontier_points(const Shape& shape, const ProofOptions& common) {
  return shape.family == Family::token_sum ? token_sum_points(shape, common) : attention_only_points(shape, common);
}

} // namespace proofmark
