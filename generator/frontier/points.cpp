#include "frontier/points.hpp"

#include "network_proofs/strategies.hpp"
#include "strategies/points.hpp"
#include "strategies/strategy.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark {

namespace {

bool takes(const NetworkStrategy& strategy, const networks::DescribedModel& model, const FiniteTask& task) {
  try {
    strategy.check(model, task, {});
    return true;
  } catch (const Error& error) {
    if (error.exit != Exit::usage && error.exit != Exit::data) throw;
    return false;
  }
}

} // namespace

std::vector<Point> frontier_points(const Shape& shape, const ProofOptions& common) {
  std::vector<Point> points;
  for (const NamedProof& proof : shape.family->points(shape)) {
    points.push_back({proof.name, common, proof.by_default});
    points.back().proof.strategy = proof.strategy->name;
    points.back().proof.how = proof.how;
  }
  return points;
}

std::vector<Point> network_points(const networks::DescribedModel& model, const FiniteTask& task,
                                  const ProofOptions& common) {
  std::vector<Point> points;
  for (const NetworkStrategy* strategy : network_strategies()) {
    if (!takes(*strategy, model, task)) continue;
    const auto add = [&](std::string name, std::optional<Budget> budget) {
      points.push_back({std::move(name), common});
      points.back().proof.strategy = strategy->name;
      points.back().proof.how.budget = std::move(budget);
    };
    const bool has_budget =
        std::find(strategy->takes.begin(), strategy->takes.end(), "budget") != strategy->takes.end();
    add(std::string(strategy->name), {});
    if (has_budget)
      for (const int percent : {2, 3, 4, 5, 7, 10, 13, 20, 30})
        add(fmt::format("{}-{}", strategy->name, percent), parse_budget(fmt::format("0.{:02}", percent)));
  }
  return points;
}

} // namespace proofmark
