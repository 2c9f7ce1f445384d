#include "frontier/points.hpp"

#include "strategies/points.hpp"
#include "strategies/strategy.hpp"

namespace proofmark {

std::vector<Point> frontier_points(const Shape& shape, const ProofOptions& common) {
  std::vector<Point> points;
  for (const NamedProof& proof : shape.family->points(shape)) {
    points.push_back({proof.name, common, proof.by_default});
    points.back().proof.strategy = proof.strategy->name;
    points.back().proof.how = proof.how;
  }
  return points;
}

} // namespace proofmark
