// Outputs in columns (docs/rules/attention/README.md, "Columns"): the heads of a label one by one, and a pseudo-output for
// all others. What band@1 and near-far@1 share.
#pragma once

#include "certificates/witness.hpp"
#include "families/attention_only/bounds/label.hpp"
#include "lengths/lengths.hpp"

namespace proofmark::attention_only {

// near, heads and joint of the certificate, by label.
struct NearFarWitness {
  std::vector<std::uint16_t> near;  // [V], near[m] <= m
  std::uint64_t head_size = 0;      // outputs in each label's head; 0: no witness `heads`
  std::vector<std::uint16_t> heads; // [V x head_size], row m in ascending order
  std::vector<std::uint8_t> joint;  // [V], 1 or 0; empty: of no label
};

Witnesses witnesses(const NearFarWitness&);
Hints hints(const NearFarWitness&);

// One column of a label with so many near tokens, upper ends: y of the query and of the near tokens, the largest y of far
// ones, and what query and label add together.
struct Column {
  std::vector<double> u, y, main; // [m+1]: by query; by token, of the far ones as queries; by query
  double far = 0;                 // Y, where there are far tokens
};

Column head_column(const Label&, std::uint64_t near, std::uint16_t output);
Column tail_column(const Label&, std::uint64_t near, std::span<const std::uint16_t> heads, bool joint);

} // namespace proofmark::attention_only
