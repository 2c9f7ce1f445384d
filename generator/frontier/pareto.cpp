#include "pareto.hpp"

#include <algorithm>

namespace proofmark {

namespace {

bool dominates(const Tradeoff& a, const Tradeoff& b) {
  return a.eligible && a.length <= b.length && a.upper <= b.upper && (a.length < b.length || a.upper < b.upper);
}

} // namespace

std::vector<bool> pareto_optimal(std::span<const Tradeoff> points) {
  std::vector<bool> marks;
  for (const Tradeoff& point : points)
    marks.push_back(point.eligible && std::none_of(points.begin(), points.end(),
                                                   [&](const Tradeoff& other) { return dominates(other, point); }));
  return marks;
}

} // namespace proofmark
