// What the free positions of an input hold, for placements@1. Combinatorics: no number of a model is here.
#pragma once

#include "queries.hpp"

namespace verifier::rules::attention {

struct Placement {
  Tokens label, near, far; // free positions that hold the label, near tokens, far ones
};
// One after the other, since there are up to 3^(n-1): all of them, but of queries below the label those with the label.
class Placements {
public:
  Placements(const Problem&, const Queries&, bool has_near, bool has_far);
  bool next(); // false if none are left
  Placement held;

private:
  enum class Kind : std::uint8_t { label, near, far };
  std::vector<Kind> kinds_;            // that there are
  std::vector<std::size_t> positions_; // of each free position, which of them
  bool below_, more_ = true;
};

// Fillings of some near positions by near tokens, a row each: of the query query[i], with the token of the j-th position, beside that
// query, at place pair[j][i] of the pairs.
struct Fillings {
  Tokens query;
  std::vector<Tokens> pair;
};
// c^positions, or 2^64 - 1 if that is less.
std::uint64_t number_of_fillings(Token c, std::size_t positions);
// From row number `from` on: all of all queries, or, of one query, so many that tensors of so many columns stay small. Each
// query's are together.
Fillings fillings(const Queries&, Token c, std::size_t positions, std::uint64_t from, std::size_t columns);

} // namespace verifier::rules::attention
