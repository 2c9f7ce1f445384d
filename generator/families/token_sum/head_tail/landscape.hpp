// What head-tail@1 could know of every sorted input, at each level of heads: what the search looks at.
#pragma once

#include "families/token_sum/bounds/tables.hpp"
#include "families/token_sum/head_tail.hpp"

#include <functional>

namespace proofmark::head_tail_search {

using Index = Eigen::Index;

constexpr std::uint8_t no_level = 255;

// Where a head is all that counts, m may grow without end, and rounding errors of both programs grow with m Z. So every
// gap between L and Z counts as at least this share of Z.
constexpr double least_gap = 1e-11;

// What is known of every sorted input, in the order of the witness `levels`; logarithms are of Z, L, U and Z - L. The
// last is there because m (Z - L) must not be found by subtraction.
struct Landscape {
  std::vector<float> z;
  std::vector<std::vector<float>> low, high, gap; // by level that is not exact
  std::vector<std::uint8_t> shown_correct;        // the first level that shows the input to be correct, or no_level
};

// `accuracy`: whether to find out at which level inputs are shown to be correct. `progress` is told the fraction that is done.
Landscape survey(const TokenSumTables&, const HeadTail&, bool accuracy, unsigned threads,
                 const std::function<void(double)>& progress);

// The orderings of a row's inputs: t_1 < t_2, and t_1 = t_2.
struct RowWeights {
  double below, tie;
};
RowWeights row_weights(const Tokens& tail);

} // namespace proofmark::head_tail_search
