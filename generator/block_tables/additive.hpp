// A described network as act(L[x] + R[y]) U + b, in doubles: what the rule block-tables@1 makes of it
// (docs/rules/any/block-tables.md).
#pragma once

#include "networks/network.hpp"
#include "numbers/product.hpp"
#include "tasks/domain.hpp"

#include <string>

namespace proofmark::block_tables {

struct Additive {
  MatrixD left, right; // [N_x x m], [N_y x m]
  networks::Activation activation;
  double reach;                            // slopes of the activation lie in 1/2 - reach .. 1/2 + reach
  MatrixD unembedding;                     // U  [m x C]
  networks::Matrices<double>::Vector bias; // b  [C]

  std::uint64_t inputs() const {
    return static_cast<std::uint64_t>(left.rows()) * static_cast<std::uint64_t>(right.rows());
  }
};

// Why the rule does not take it, as what it was found to be; empty where it does.
std::string why_not(const networks::Network&, const Domain&);

Additive additive(const networks::Network&, const Domain&); // that the rule takes

// The last position that has more than one token; the last, if none has.
std::uint64_t right_position(const Domain&);

double applied(networks::Activation, double x);

} // namespace proofmark::block_tables
