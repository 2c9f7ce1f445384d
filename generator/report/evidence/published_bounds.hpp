// Bounds that others have published for models of the same kind, to draw beside proofs. Nobody has verified them.
#pragma once

#include "report/evidence/evidence.hpp"

#include <span>
#include <string_view>

namespace proofmark {

struct PublishedBound {
  std::uint64_t context;
  std::string_view name;
  double accuracy;          // at least, relative to the true accuracy of each model; mean over models
  double shortest, longest; // as counted by its authors; 0: not said
};

// Of transformers on max of `context` out of 64 tokens (Gross et al. 2024, arXiv 2406.11779); none for other models.
std::vector<PublishedBound> published_bounds(const ShownModel&);

} // namespace proofmark
