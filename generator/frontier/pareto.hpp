// Which proofs are worth having: no other is at least as short and at least as tight.
#pragma once

#include "../interval.hpp"

#include <span>
#include <vector>

namespace proofmark {

struct Tradeoff {
  bool eligible = false; // verified and not vacuous
  Integer length;
  Rational upper; // on the mean loss, or on the share of inputs that are not shown correct
};

// One mark a point: eligible, and no eligible point is as short and as tight and in one of these better. Equal points
// are marked alike.
std::vector<bool> pareto_optimal(std::span<const Tradeoff>);

} // namespace proofmark
