// Margins as shares of what positions hold: docs/rules/attention/soft-near-far.md, "Shares".
#pragma once

#include "relative.hpp"

namespace verifier::rules::attention {

struct Part { // of what a row's positions hold beside the label
  Positive weight;
  Real beyond; // what it adds to the columns, less what the label's positions do
};

// Margins that were the label's alone, moved by each part's share of what it has beyond: its weight over the sum of all.
inline Real with_shares(Real margins, const Positive& label, const std::vector<Part>& parts) {
  for (const Part& part : parts) {
    Positive others = label;
    for (const Part& other : parts)
      if (&other != &part) others = others + other.weight;
    margins = margins + weighed(share(part.weight, others), part.beyond);
  }
  return margins;
}

} // namespace verifier::rules::attention
