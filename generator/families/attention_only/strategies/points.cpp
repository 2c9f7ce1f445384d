// The points of `frontier` for models of the family attention-only.

#include "families/attention_only/strategies/strategies.hpp"

namespace proofmark {

// Each strategy as it is, and those with a size with more and more of it. A long proof is made when it is asked for.
std::vector<NamedProof> attention_only_points(const Shape& shape) {
  const Task& task = shape.task;
  std::vector<NamedProof> points;
  const auto add = [&](const std::string& name, const Strategy& strategy, const StrategyOptions& how) {
    const auto affordable = [](const Integer& length) { return length <= 500'000'000; };
    const bool by_default = (!strategy.least || affordable(strategy.least(task))) &&
                            affordable(predicted(strategy, shape, how, true, true).length());
    points.push_back({name, &strategy, how, by_default});
  };
  for (const Strategy* strategy : attention_only_family.strategies) add(std::string(strategy->name), *strategy, {});
  StrategyOptions how;
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
  StrategyOptions tight;
  tight.near = 6;
  tight.fill = 2;
  add("placements-6-near", placements, tight);
  return points;
}

} // namespace proofmark
