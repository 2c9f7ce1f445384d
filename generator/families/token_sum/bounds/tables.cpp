#include "families/token_sum/bounds/tables.hpp"

#include "models/tensors.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

namespace proofmark {

namespace {

constexpr double acceptable_loss_error = 0x1p-36; // nats an input; a matter of quality, not of soundness

FixedPoint logits(const Model& model, std::uint64_t context, unsigned threads) {
  const int factor = factor_bits(model.width);
  const MatrixD embedding = exact_values(tensor(model, token_sum::embedding)).transpose();    // E   [V x d]
  const MatrixD linear_transposed = exact_values(tensor(model, token_sum::linear));           // Wᵀ  [d x d]
  const MatrixD unembedding_transposed = exact_values(tensor(model, token_sum::unembedding)); // Uᵀ  [V x d]
  const FixedPoint p = product_with_transpose(fixed_point(embedding, factor), fixed_point(linear_transposed, factor),
                                              factor, 1 << 20, threads);
  // Below 2^(61 - log2 n): a sum of n logits stays below 2^61 and a difference of two such sums below 2^62.
  const int bits = 61 - static_cast<int>(std::bit_width(context - 1));
  return product_with_transpose(p, fixed_point(unembedding_transposed, factor), bits, bits, threads);
}

} // namespace

std::optional<TokenSumTables> token_sum_tables(const Model& model, const Task& task, unsigned threads) {
  FixedPoint m = logits(model, task.context, threads);
  const double error = m.absolute_error();
  if (m.scale < Exponential::least_scale || !(2 * static_cast<double>(task.context) * error <= acceptable_loss_error))
    return {};
  TokenSumTables tables{task, std::move(m), error, 0, {}, Exponential(m.scale), {}};
  const std::uint64_t V = task.vocabulary;
  tables.shift.resize(V);
  tables.exponentials.resize(static_cast<Eigen::Index>(V), static_cast<Eigen::Index>(V));
  std::int64_t largest = 0;
  for (const std::int64_t entry : tables.logits.value) largest = std::max(largest, std::abs(entry));
  tables.largest_logit = std::ldexp(static_cast<double>(largest), -tables.logits.scale) * (1 + 0x1p-50) + error;
  const std::uint64_t block = 16;
  for_each_piece((V + block - 1) / block, threads, [&](std::size_t piece) {
    std::vector<std::int64_t> deficits(V);
    for (std::uint64_t a = piece * block; a < std::min(V, (piece + 1) * block); ++a) {
      tables.shift[a] = *std::max_element(tables.logits.row(a), tables.logits.row(a) + V);
      for (std::uint64_t k = 0; k < V; ++k) deficits[k] = tables.deficit(a, k);
      tables.exponential(deficits, tables.exponentials.row(static_cast<Eigen::Index>(a)).data());
    }
  });
  return tables;
}

} // namespace proofmark
