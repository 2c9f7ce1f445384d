#include "tasks/batch.hpp"

namespace proofmark {

Batch draw_batch(const Task& task, std::size_t size, Random& random) {
  Batch batch{task.context, {}, {}};
  batch.tokens.reserve(size * task.context);
  batch.labels.reserve(size);
  for (std::size_t input = 0; input < size; ++input) {
    for (std::uint64_t position = 0; position < task.context; ++position)
      batch.tokens.push_back(static_cast<Token>(random.below(task.vocabulary)));
    batch.labels.push_back(static_cast<Token>(*task.labels->of(std::span(batch.tokens).last(task.context), 0)));
  }
  return batch;
}

} // namespace proofmark
