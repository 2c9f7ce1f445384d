#include "points.hpp"

namespace proofmark {

namespace {

// Enumeration proves what symmetry proves at n! times the length: worth seeing while it costs nothing.
bool short_enough_for_enumeration(const Task& task) {
  return 2 * power(task.vocabulary, task.context) * task.vocabulary <= 1'000'000'000;
}

} // namespace

std::vector<Point> frontier_points(const TokenSumModel& model, const ProofOptions& common) {
  std::vector<Point> points;
  const auto add = [&](const std::string& name, const std::string& strategy) -> Point& {
    points.push_back({name, common, true});
    points.back().proof.strategy = strategy;
    return points.back();
  };
  // symmetry comes first: what it finds is the exact loss, from which the others' slack is measured.
  add("symmetry", "symmetry");
  add("convexity", "convexity");
  // Strategies with a size have one point for each size, named after it: head-tail-1, -4, -16, -64, -128;
  // mixed-2-percent, -6-percent, -12-percent; block-jensen-32. Sizes that do not fit the model are left out here.
  add("enumeration", "enumeration").by_default = short_enough_for_enumeration({common.context, model.vocabulary});
  return points;
}

} // namespace proofmark
