// The tables of the rules, computed once. They state real numbers, as rules do.
#pragma once

#include "rules/token_sum/problem.hpp"

namespace verifier::rules::token_sum {

struct Tensors { // M = E W U
  const Weights &E, &W, &U;
};
Problem prepare(Kernel& k, const Tensors& model, std::size_t n, bool correct, unsigned threads);
// To a problem that was prepared: what convexity@1 with n = 2, block-jensen@1 and head-tail@1 (tails.hpp) need beyond.
void add_squares(Kernel& k, Problem& problem);
void add_blocks(Kernel& k, Problem& problem, std::vector<Token> starts, std::span<const Stored> multipliers);

} // namespace verifier::rules::token_sum
