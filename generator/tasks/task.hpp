// What a family's network learns, and the strategies of the families prove: a label for each input of n tokens, over every input
// of V tokens. Other tasks are a FiniteTask alone (labelling.hpp).
#pragma once

#include "tasks/labelling.hpp"

namespace proofmark {

struct Task {
  std::uint64_t context = 2;       // n, 1 to 64
  std::uint64_t vocabulary = 2048; // V, 1 to 16384
  const Labels* labels = &max_labels;
};

using Tokens = std::vector<std::uint64_t>; // of one input

FiniteTask finite_task(const Task&);
std::optional<Task> over_vocabulary(const FiniteTask&); // nothing where it is another

} // namespace proofmark
