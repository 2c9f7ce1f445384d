// Bounds that others have published for models of the same kind, to draw beside proofs. Nobody has verified them.
#pragma once

#include "report/evidence/evidence.hpp"

#include <span>
#include <string_view>

namespace proofmark {

struct PublishedBound {
  std::string_view name;
  double accuracy;          // at least; mean over models
  double shortest, longest; // 0: not said
};

struct Published {
  std::vector<PublishedBound> bounds;
  std::string_view said; // of where they stand and what they are
};

// Of transformers on the largest of so many tokens out of 64 (Gross et al. 2024, arXiv 2406.11779), and of networks that
// compose permutations of five things (Wu et al. 2024, arXiv 2410.07476); none for other models.
Published published_bounds(const ShownModel&);

} // namespace proofmark
