#include "families/token_sum/training/training.hpp"

#include "families/families.hpp"
#include "families/token_sum/model.hpp"
#include "families/token_sum/training/gradient.hpp"
#include "families/token_sum/training/head_tail_gradient.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>

namespace proofmark {

namespace {

Matrix<float> uniform_matrix(std::uint64_t rows, std::uint64_t columns, Random& random) {
  const float bound = 1 / std::sqrt(static_cast<float>(columns));
  Matrix<float> matrix(rows, columns);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = (2 * random.uniform() - 1) * bound;
  return matrix;
}

Model as_model(const TokenSumWeights<float>& weights, std::uint64_t context) {
  const auto vocabulary = static_cast<std::uint64_t>(weights.unembedding.rows());
  const auto width = static_cast<std::uint64_t>(weights.linear.rows());
  Model model =
      token_sum_model({float32_tensor(token_sum::embedding, weights.embedding.transpose(), {width, vocabulary}),
                       float32_tensor(token_sum::linear, weights.linear, {width, width}),
                       float32_tensor(token_sum::unembedding, weights.unembedding, {vocabulary, width})});
  model.context = context;
  return model;
}

struct State {
  TokenSumWeights<float> weights, gradient;
  TokenSumGradient<float> cross_entropy;
  TokenSumHeadTailGradient<float> head_tail;
};

TrainingOptions recipe() {
  TrainingOptions options;
  options.family = &token_sum_family;
  options.task = {.context = 2, .vocabulary = 2048};
  options.width = 128;
  options.steps = 410; // two epochs of 5 % of the 2048^2 inputs
  options.batch = 1024;
  return options;
}

Shape shape(const TrainingOptions& options) {
  const std::uint64_t V = options.task.vocabulary, d = options.width;
  return {options.family, options.task, d, 0, sizeof(float) * (2 * V * d + d * d)};
}

// The cross-entropy, or the head-tail bound: then inputs of 2 or 3 tokens, and a head of no more than V columns.
void require_objective(const TrainingOptions& options) {
  if (options.objective == Objective::cross_entropy) return;
  if (options.objective == Objective::cubic)
    throw Error(Exit::usage, "the objective cubic is of the family attention-only, not token-sum",
                "use --objective head-tail or --objective cross-entropy, or add --family attention-only");
  if (options.task.context != 2 && options.task.context != 3)
    throw Error(Exit::usage,
                fmt::format("the head-tail bound is for inputs of 2 or 3 tokens, not {}", options.task.context),
                "use --context 2 or --context 3, or --objective cross-entropy");
  if (options.top > options.task.vocabulary)
    throw Error(
        Exit::usage,
        fmt::format("--top {} is more than the {} columns that there are", options.top, options.task.vocabulary),
        "a head holds a few columns, 1 for the shortest proof");
}

Trainee trainee(const TrainingOptions& options, Random& random) {
  const std::uint64_t vocabulary = options.task.vocabulary, width = options.width;
  const auto state = std::make_shared<State>(State{initial_token_sum_weights(options.task, width, random),
                                                   {},
                                                   TokenSumGradient<float>(vocabulary, width),
                                                   TokenSumHeadTailGradient<float>(vocabulary, width, options.top)});
  TokenSumWeights<float>&w = state->weights, &g = state->gradient;
  return {{{&w.embedding, &g.embedding}, {&w.linear, &g.linear}, {&w.unembedding, &g.unembedding}},
          [state, objective = options.objective](const Batch& batch, unsigned threads) {
            return objective == Objective::head_tail
                       ? state->head_tail.compute(state->weights, batch, state->gradient, threads)
                       : state->cross_entropy.compute(state->weights, batch, state->gradient, threads);
          },
          [state, context = options.task.context] { return as_model(state->weights, context); }};
}

} // namespace

TokenSumWeights<float> initial_token_sum_weights(const Task& task, std::uint64_t width, Random& random) {
  TokenSumWeights<float> weights;
  weights.embedding = uniform_matrix(width, task.vocabulary, random).transpose();
  weights.linear = uniform_matrix(width, width, random);
  weights.unembedding = uniform_matrix(task.vocabulary, width, random);
  return weights;
}

const Trainer token_sum_trainer{
    .recipe = recipe, .shape = shape, .require_objective = require_objective, .trainee = trainee};

} // namespace proofmark
