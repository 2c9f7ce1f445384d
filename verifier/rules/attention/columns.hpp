// Columns (docs/rules/attention/README.md): the heads of a label one by one, and at last one pseudo-output for all other wrong
// outputs, L6. What near-far@1 and band@1 look at; soft-near-far@1 too, with ln sum exp in place of maxima.
#pragma once

#include "relative.hpp"

#include <optional>

namespace verifier::rules::attention {

// Near tokens are f .. m-1, c of them, far ones 0 .. f-1.
struct Columns {
  Token c, f;
  Real u, y;             // [m+1 x J] of queries and of tokens, P* included
  Real main;             // [m+1 x J] u + y[m]; joint: taken together in the tail
  std::optional<Real> Y; // [1 x J] max_{t<f} y[t]; if f > 0

  std::size_t entries_each() const { return std::size_t{c} * u.columns(); } // of a query, its near tokens
};
Columns hard_columns(Kernel&, const Problem&, Token m);
Columns soft_columns(Kernel&, const Problem&, Token m);

// What each position of some queries adds to the columns, and weighs.
struct Positions {
  Positions(const Columns&, const PositionWeights&, Token m, const Queries&);

  Pairs pairs;                    // of queries and near tokens
  Real main, own;                 // [Q x J] u + y[m]; u + y[q], or main if the query is the label
  std::optional<Real> near, far;  // [Q c x J] u + y[k]; [Q x J] u + Y
  std::optional<Positive> r, rho; // [Q c x 1] r_k; [Q x 1] ρ = max_{t<f} r_t
};

} // namespace verifier::rules::attention
