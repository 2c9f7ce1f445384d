// The strategies of token-sum, one a file, and what they share of budgets.
#pragma once

#include "families/token_sum/head_tail.hpp"
#include "strategies/points.hpp"
#include "strategies/strategy.hpp"

namespace proofmark {

extern const Strategy enumeration, symmetry, convexity, head_tail, mixed, block_jensen;

// The points of `frontier`.
std::vector<NamedProof> token_sum_points(const Shape&);

// What all steps of symmetry@1 multiply: what a share of a budget is of.
Integer products_of_symmetry(const Shape&, bool correct);

// What a budget is spent on: multiplications, of a share, and else operations of every kind.
Integer price(const Budget&, const Operations&);

// What a budget leaves for head-tail@1: multiplications of its tables and of all steps, or operations of every kind.
Integer head_tail_allowance(const Assignment&);
bool head_tail_affordable(const Assignment&); // whether it covers heads of one output each

} // namespace proofmark
