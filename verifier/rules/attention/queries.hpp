// Queries in batches, cells of their inputs, and counts. Combinatorics: no number of a model is here.
#pragma once

#include "problem.hpp"

namespace verifier::rules::attention {

// Queries from .. to-1 of a label: some below it, so that a free position holds the label; or the label alone.
struct Queries {
  Token from, to;
  bool below;

  std::size_t count() const { return to - from; }
  template <class T>
  T of(const T& x) const {
    return rows(x, from, to);
  }
};
// All of them, a few at a time: so many that a tensor with so many entries for each query has at most `most_entries`, which a
// processor's near memory holds.
inline constexpr std::size_t most_entries = std::size_t{1} << 14;
std::vector<Queries> queries(const Problem&, Token m, std::size_t entries_each);

// A row for each query and each of `tokens` tokens, first all of the first query. A query is its place in the batch.
struct Pairs {
  Pairs(const Queries&, std::size_t tokens);
  Tokens query, token;
};

// Free positions by what they hold: x the label, s near tokens, f' far ones.
struct Cell {
  std::size_t label, near, far;
  Integer placements; // C(n-1,x) C(n-1-x,s)
};
std::vector<Cell> cells(const Problem&, const Queries&, bool has_near, bool has_far);

// The queries that have a gap for s positions, by their place in the batch, and the largest token that the gap leaves.
struct Gaps {
  Gaps(const Problem&, Token m, const Queries&, std::size_t s);
  Tokens query, reach;
};

// How many of the rows that each query has in x hold nothing but negative numbers.
std::vector<std::uint64_t> passing(const Real& x, const Queries&);

// (m+1)^n - m^n.
Integer number_of_inputs(const Problem&, Token m);

} // namespace verifier::rules::attention
