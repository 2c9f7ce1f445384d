#include "operations.hpp"

namespace proofmark::attention_only {

Operations table_operations(const Shape& shape) {
  const Integer V = shape.task.vocabulary, n = shape.task.context, d = shape.width, h = shape.head_width;
  Operations count;
  count.read = 2 * V * d + n * d + 4 * d * h;
  count.add = V * d                                                                        // X
              + V * V * (d - 1)                                                            // EU
              + d * d * (h - 1) + d * V * (d - 1) + V * V * (d - 1) + n * V * (d - 1)      // OV, PO
              + 2 * V * h * (d - 1) + n * h * (d - 1) + V * V * (h - 1) + n * V * (h - 1); // products of A, B
  count.mul = V * V * d                                                                    // EU
              + d * d * h + d * d * V + V * V * d + n * V * d                              // OV, PO
              + 2 * V * d * h + n * d * h + V * V * h + n * V * h;                         // products of A, B
  count.sqrt = 2;
  count.div = 2 * (V * V + n * V); // A, B
  count.exp = 2 * n * V;           // b
  if (n > 1) {                     // position intervals
    count.compare = V * (n - 1) * (n - 2) / 2;
    count.add += 2 * V * (n - 2);
  }
  return count;
}

Operations tops(const Task& task) {
  const Integer V = task.vocabulary;
  Operations count;
  count.compare = 4 * V * (V - 1);
  return count;
}

Operations running_scores(const Task& task) {
  const Integer V = task.vocabulary;
  Operations count;
  count.compare = V * (V - 1);
  return count;
}

Operations running_weights(const Task& task) {
  const Integer V = task.vocabulary;
  Operations count;
  count.exp = V * V;
  count.add = V * (V - 1);
  return count;
}

Operations direct_range(const Task& task) {
  const Integer V = task.vocabulary;
  Operations count;
  count.compare = V * (V - 1);
  count.add = V;
  return count;
}

Operations times(const Integer& factor, Operations count) {
  for (const auto& [kind, number] : kinds(count)) *number *= factor;
  return count;
}

} // namespace proofmark::attention_only
