// Which witnesses a proof by low-rank is made of: what is given, and the best of the rest.
#pragma once

#include "explanations/networks.hpp"
#include "low_rank/bounds.hpp"
#include "low_rank/length.hpp"
#include "opened/choice.hpp"
#include "strategies/options.hpp"

#include <variant>

namespace proofmark::low_rank {

struct Search {
  const Features& features;
  const Length& length;
  const FiniteTask& task;
  const StrategyOptions& options;
  const explanations::LowRank& said;
  Integer apart;                 // operations that do not depend on witnesses, of the features of all steps
  std::optional<Integer> budget; // that tables and steps may take; none: `usual`, or the least where that is more
  Integer usual;
  bool loss = true; // stated; else the shortest proof is sought
  double blur = 0;  // of exact logits
  unsigned threads = 1;
  std::function<void(double)> progress = {};
};

struct Found {
  Tables tables;
  Basis basis;
  std::vector<opened::Pair> opened; // ascending
  std::uint64_t rank = 0;           // that was turned; the basis has fewer rows where entries are few
  double keep = 0;

  Sizes sizes() const;
};

// The shortest proof takes so many operations, and that is more than the budget.
struct Beyond {
  Integer least;
};

std::variant<Found, Beyond> search(const Search&);

} // namespace proofmark::low_rank
