// A network act(L[x] + R[y]) U + b, of a description that has this form (docs/rules/any/block-tables.md, "The networks").
#pragma once

#include "rules/any/features.hpp"

namespace verifier::rules::any {

struct Additive {
  Real left, right; // L [N_x x m], R [N_y x m]
  Activation activation;
  Weights u;     // [m x C]
  Real constant; // [1 x C] b
};
Additive additive(Kernel&, const Network&, const std::vector<TokenSpan>& tokens); // of each position

// The position of y: the last that has more than one token, or the last.
std::size_t right_position(const std::vector<TokenSpan>& tokens);

} // namespace verifier::rules::any
