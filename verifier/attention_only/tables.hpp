// Family "attention-only": what its rules look up. Symbols as in docs/rules/attention/README.md; row q is a query, row t a
// token, row p a position, column w an output.
//
// EU, OV and PO are the exact numbers; A and B, which are divided by sqrt(h), and all that follows from them are enclosures.
#pragma once

#include "../certificate.hpp"
#include "../exact_sums.hpp"
#include "../interval.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace verifier::attention_only {

using Token = std::uint32_t;

// Enclosures, row by row.
struct IntervalMatrix {
  IntervalMatrix(std::size_t rows, std::size_t columns) : columns(columns), entries(rows * columns) {}
  std::size_t columns;
  std::vector<Interval> entries; // [rows x columns]

  Interval& at(std::size_t i, std::size_t j) { return entries[i * columns + j]; }
  const Interval& at(std::size_t i, std::size_t j) const { return entries[i * columns + j]; }
};

// Where a row's largest and second largest entries stand; both 0 in a row of one.
struct Top {
  Token first, second;
  Token without(Token w) const { return first == w ? second : first; } // the largest but for w
};

struct Tables {
  std::size_t vocabulary, context; // V, n
  ExactMatrix EU, OV;              // [V x V]
  ExactMatrix PO;                  // [n x V]
  IntervalMatrix A;                // [V x V]
  IntervalMatrix B, b;             // [V x n]
  // [V x n]: column x encloses the sum of b[q,p] over any x of the free slots p < n-1 (L7).
  IntervalMatrix position_sums;
  std::vector<Top> EU_top, OV_top;  // [V]
  std::vector<Real> highest_scores; // [V x V], column f: max_{t<=f} A[q,t], upper ends
  std::vector<Real> weight_sums;    // [V x V], column f: sum_{t<=f} exp A[q,t], upper ends; empty if no rule needs them
  std::vector<Real> direct_ranges;  // [V]: max_w EU[q,w] - min_w EU[q,w], upper ends

  // r_t = exp(A[q,t] - A[q,m]); 1 exactly for t = m.
  Interval weight(Token q, Token t, Token m) const;
  // The largest r_t of the tokens t < f, from above; f >= 1.
  Real largest_weight_below(Token f, Token q, Token m) const;
  // The sum of r_t of the tokens t < f, from above; f >= 1. Only with weight_sums.
  Real weight_sum_below(Token f, Token q, Token m) const;
};

// From the exact weights. Fails with weight-not-finite, limit-logit-range.
Tables make_tables(const Certificate&, unsigned threads);
// What they cost (docs/rules/attention/README.md), without the witnesses.
Operations tables_cost(const Certificate&);

} // namespace verifier::attention_only
