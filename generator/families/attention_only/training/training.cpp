#include "families/attention_only/training/training.hpp"

#include "families/attention_only/model.hpp"
#include "families/attention_only/training/cubic_gradient.hpp"
#include "families/families.hpp"
#include "support/error.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace proofmark {

namespace {

// The labels of the first inputs of a batch: larger ones more often, as they have more inputs.
constexpr std::size_t penalised_labels = 8;

Matrix<float> normal_matrix(std::uint64_t rows, std::uint64_t columns, double deviation, Random& random) {
  Matrix<float> matrix(rows, columns);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = static_cast<float>(deviation * random.normal());
  return matrix;
}

Model as_model(const AttentionOnlyWeights<float>& w) {
  const auto size = [](Eigen::Index index) { return static_cast<std::uint64_t>(index); };
  const std::uint64_t context = size(w.positions.rows()), vocabulary = size(w.embedding.rows()),
                      width = size(w.embedding.cols()), head_width = size(w.query.cols());
  return attention_only_model({float32_tensor(attention_only::key, w.key, {1, width, head_width}),
                               float32_tensor(attention_only::output, w.output, {1, head_width, width}),
                               float32_tensor(attention_only::query, w.query, {1, width, head_width}),
                               float32_tensor(attention_only::value, w.value, {1, width, head_width}),
                               float32_tensor(attention_only::embedding, w.embedding, {vocabulary, width}),
                               float32_tensor(attention_only::positions, w.positions, {context, width}),
                               float32_tensor(attention_only::unembedding, w.unembedding, {width, vocabulary})});
}

struct State {
  AttentionOnlyWeights<float> weights, gradient;
  AttentionOnlyGradient<float> cross_entropy;
  AttentionOnlyCubicGradient<float> cubic;
};

TrainingOptions recipe() {
  TrainingOptions options;
  options.family = &attention_only_family;
  options.task = {.context = 4, .vocabulary = 64};
  options.width = 32;
  options.steps = 3000;
  options.batch = 128;
  return options;
}

Shape shape(const TrainingOptions& options) {
  const std::uint64_t V = options.task.vocabulary, d = options.width, n = options.task.context,
                      h = options.head_width != 0 ? options.head_width : d;
  return {options.family, options.task, d, h, sizeof(float) * (2 * V * d + n * d + 4 * d * h)};
}

void require_objective(const TrainingOptions& options) {
  if (options.objective == Objective::head_tail)
    throw Error(Exit::usage, "the objective head-tail is of the family token-sum, not attention-only",
                "use --objective cubic or --objective cross-entropy");
}

Trainee trainee(const TrainingOptions& options, Random& random) {
  const std::uint64_t head_width = options.head_width != 0 ? options.head_width : options.width;
  const auto state = std::make_shared<State>();
  state->weights = initial_attention_only_weights(options.task, options.width, head_width, random);
  Trainee result;
  for (const auto part : AttentionOnlyWeights<float>::parts)
    result.parts.push_back({&(state->weights.*part), &(state->gradient.*part)});
  result.loss_and_gradient = [state, objective = options.objective](const Batch& batch, unsigned threads) {
    double loss = state->cross_entropy.compute(state->weights, batch, state->gradient, threads);
    if (objective == Objective::cubic) {
      const std::span labels = std::span(batch.labels).first(std::min(penalised_labels, batch.size()));
      loss += state->cubic.add(state->weights, labels, {}, state->gradient);
    }
    return loss;
  };
  result.model = [state] { return as_model(state->weights); };
  return result;
}

} // namespace

AttentionOnlyWeights<float> initial_attention_only_weights(const Task& task, std::uint64_t width,
                                                           std::uint64_t head_width, Random& random) {
  const double deviation = 0.8 / std::sqrt(static_cast<double>(width));
  AttentionOnlyWeights<float> weights;
  weights.embedding = normal_matrix(task.vocabulary, width, deviation, random);
  weights.positions = normal_matrix(task.context, width, deviation, random);
  weights.query = normal_matrix(width, head_width, deviation, random);
  weights.key = normal_matrix(width, head_width, deviation, random);
  weights.value = normal_matrix(width, head_width, deviation, random);
  weights.output = normal_matrix(head_width, width, deviation, random);
  weights.unembedding = normal_matrix(width, task.vocabulary, deviation, random);
  return weights;
}

const Trainer attention_only_trainer{
    .recipe = recipe, .shape = shape, .require_objective = require_objective, .trainee = trainee};

} // namespace proofmark
