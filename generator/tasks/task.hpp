// What the network learns: a label for each input of n tokens, over inputs drawn uniformly (schema/FORMAT.md, section
// 4).
#pragma once

#include "tasks/labels.hpp"

namespace proofmark {

struct Task {
  std::uint64_t context = 2;       // n, 1 to 64
  std::uint64_t vocabulary = 2048; // V, 1 to 16384
  const Labels* labels = &max_labels;
};

using Tokens = std::vector<std::uint64_t>; // of one input

} // namespace proofmark
