#include "report/evidence/logit_blocks.hpp"

#include "models/tensors.hpp"
#include <algorithm>

namespace proofmark {

LogitBlocks logit_blocks(const Model& model, std::uint64_t most_blocks) {
  const std::uint64_t V = model.vocabulary, blocks = std::min(V, most_blocks);
  LogitBlocks result;
  for (std::uint64_t i = 0; i <= blocks; ++i) result.ends.push_back(i * V / blocks);
  // A mean over rows of a product is the product of the mean rows: the V x V table is never formed.
  const auto mean_rows = [&](const MatrixD& rows) {
    MatrixD means(blocks, rows.cols());
    for (std::uint64_t i = 0; i < blocks; ++i) {
      const auto from = static_cast<Eigen::Index>(result.ends[i]);
      const auto size = static_cast<Eigen::Index>(result.ends[i + 1]) - from;
      means.row(static_cast<Eigen::Index>(i)) = rows.middleRows(from, size).colwise().sum() / static_cast<double>(size);
    }
    return means;
  };
  const MatrixD embedding = exact_values(tensor(model, token_sum::embedding)).transpose(); // E   [V x d]
  const MatrixD linear = exact_values(tensor(model, token_sum::linear)).transpose();       // W   [d x d]
  const MatrixD unembedding = exact_values(tensor(model, token_sum::unembedding));         // Uᵀ  [V x d]
  result.values = mean_rows(embedding) * linear * mean_rows(unembedding).transpose();
  return result;
}

} // namespace proofmark
