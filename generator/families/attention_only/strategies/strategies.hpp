// The strategies of attention-only, one a file.
#pragma once

#include "families/families.hpp"
#include "strategies/points.hpp"
#include "strategies/strategy.hpp"

namespace proofmark {

extern const Strategy near_far, band, cubic, subcubic, soft_near_far, placements, attention_only_enumeration;

// The points of `frontier`.
std::vector<NamedProof> attention_only_points(const Shape&);

} // namespace proofmark
