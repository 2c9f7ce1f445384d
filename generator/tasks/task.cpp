#include "tasks/task.hpp"

#include <algorithm>

namespace proofmark {

Batch draw_batch(const Task& task, std::size_t size, Random& random) {
  Batch batch{task.context, {}, {}};
  batch.tokens.reserve(size * task.context);
  batch.labels.reserve(size);
  for (std::size_t input = 0; input < size; ++input) {
    Token largest = 0;
    for (std::uint64_t position = 0; position < task.context; ++position) {
      const Token token = static_cast<Token>(random.below(task.vocabulary));
      batch.tokens.push_back(token);
      largest = std::max(largest, token);
    }
    batch.labels.push_back(largest);
  }
  return batch;
}

} // namespace proofmark
