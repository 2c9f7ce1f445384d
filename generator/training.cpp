#include "training.hpp"

#include "error.hpp"
#include "interrupt.hpp"
#include "token_sum_gradient.hpp"
#include "token_sum_head_tail_gradient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace proofmark {

namespace {

Matrix<float> uniform_matrix(std::uint64_t rows, std::uint64_t columns, Random& random) {
  const float bound = 1 / std::sqrt(static_cast<float>(columns));
  Matrix<float> matrix(rows, columns);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = (2 * random.uniform() - 1) * bound;
  return matrix;
}

Tensor float32_tensor(const std::string& name, const Matrix<float>& values) {
  Tensor tensor{name, DType::float32, {}, {}};
  tensor.shape = {static_cast<std::uint64_t>(values.rows()), static_cast<std::uint64_t>(values.cols())};
  tensor.bytes.resize(static_cast<std::size_t>(values.size()) * sizeof(float));
  std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
  return tensor;
}

TokenSumModel as_model(const TokenSumWeights<float>& weights) {
  return token_sum_model({float32_tensor("embedding.weight", weights.embedding.transpose()),
                          float32_tensor("linear.weight", weights.linear),
                          float32_tensor("unembedding.weight", weights.unembedding)});
}

} // namespace

std::string_view name(Objective objective) {
  return objective == Objective::cross_entropy ? "cross-entropy" : "head-tail";
}

void require_objective(const TrainingOptions& options) {
  if (options.objective == Objective::cross_entropy) return;
  if (options.task.context != 2 && options.task.context != 3)
    throw Error(Exit::usage,
                fmt::format("the head-tail bound is for inputs of 2 or 3 tokens, not {}", options.task.context),
                "use --context 2 or --context 3, or --objective cross-entropy");
  if (options.head > options.task.vocabulary)
    throw Error(
        Exit::usage,
        fmt::format("--head {} is more than the {} columns that there are", options.head, options.task.vocabulary),
        "a head holds a few columns, 1 for the shortest proof");
}

TokenSumWeights<float> initial_weights(const Task& task, std::uint64_t width, Random& random) {
  TokenSumWeights<float> weights;
  weights.embedding = uniform_matrix(width, task.vocabulary, random).transpose();
  weights.linear = uniform_matrix(width, width, random);
  weights.unembedding = uniform_matrix(task.vocabulary, width, random);
  return weights;
}

Training train(const TrainingOptions& options, const AfterStep& after_step) {
  require_objective(options);
  Random random(options.seed);
  TokenSumWeights<float> weights = initial_weights(options.task, options.width, random);
  TokenSumWeights<float> gradient;
  TokenSumGradient<float> cross_entropy(options.task.vocabulary, options.width);
  TokenSumHeadTailGradient<float> head_tail(options.task.vocabulary, options.width, options.head);
  AdamW<float> embedding(weights.embedding.size(), options.optimizer);
  AdamW<float> linear(weights.linear.size(), options.optimizer);
  AdamW<float> unembedding(weights.unembedding.size(), options.optimizer);

  std::vector<double> losses;
  for (std::uint64_t done = 0; done < options.steps; ++done) {
    stop_if_interrupted();
    const Batch batch = draw_batch(options.task, options.batch, random);
    losses.push_back(options.objective == Objective::head_tail
                         ? head_tail.compute(weights, batch, gradient, options.threads)
                         : cross_entropy.compute(weights, batch, gradient, options.threads));
    if (!std::isfinite(losses.back()))
      throw Error(Exit::data, fmt::format("the training diverged: the loss of step {} is {}", done + 1, losses.back()),
                  fmt::format("try a learning rate below {}", options.optimizer.learning_rate));
    embedding.step(weights.embedding.data(), gradient.embedding.data(), options.threads);
    linear.step(weights.linear.data(), gradient.linear.data(), options.threads);
    unembedding.step(weights.unembedding.data(), gradient.unembedding.data(), options.threads);
    if (after_step) after_step(done + 1, losses.back());
  }
  return {as_model(weights), std::move(losses)};
}

double final_loss(const std::vector<double>& losses) {
  const std::size_t count = std::min<std::size_t>(5, losses.size());
  return std::accumulate(losses.end() - static_cast<std::ptrdiff_t>(count), losses.end(), 0.0) /
         static_cast<double>(count);
}

} // namespace proofmark
