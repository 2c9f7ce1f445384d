// What other programs report of a frontier, so that their numbers compare (docs/frontier.md, "Measures"): how good a bound is had for a
// small part of enumeration's length, and what it costs to finish.
#pragma once

#include "frontier/finished_frontier.hpp"

namespace proofmark {

struct WithinShare {
  std::string share;                          // "0.1"
  std::optional<std::string> upper, accuracy; // the best that a verified proof no longer than that establishes
};

struct Measures {
  std::vector<WithinShare> within;          // a tenth, a hundredth, a thousandth
  const FinishedPoint* finishing = nullptr; // the shortest verified proof of the exact accuracy
};

Measures measures(const Frontier&); // of one whose `whole` is known

std::optional<std::string> share_of_whole(const Frontier&, const FinishedPoint&); // rounded up, six digits

} // namespace proofmark
