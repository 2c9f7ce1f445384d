// A model and its task without the weights: all that the size of a proof depends on, and known before there is a model.
#pragma once

#include "models/family.hpp"
#include "tasks/task.hpp"

namespace proofmark {

struct Shape {
  const Family* family = nullptr;
  Task task;
  std::uint64_t width = 0;        // d
  std::uint64_t head_width = 0;   // h, of attention-only
  std::uint64_t weight_bytes = 0; // of all tensors together
};

} // namespace proofmark
