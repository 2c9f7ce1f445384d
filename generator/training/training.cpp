#include "training/training.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/interrupt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

namespace proofmark {

namespace {

constexpr std::array objectives{Objective::cross_entropy, Objective::head_tail, Objective::cubic, Objective::low_rank};

} // namespace

std::string_view name(Objective objective) {
  switch (objective) {
  case Objective::cross_entropy:
    return "cross-entropy";
  case Objective::head_tail:
    return "head-tail";
  case Objective::cubic:
    return "cubic";
  case Objective::low_rank:
    return "low-rank";
  }
  throw Error(Exit::internal, "unknown objective");
}

std::vector<std::string> objective_names() {
  std::vector<std::string> names;
  for (const Objective objective : objectives) names.emplace_back(name(objective));
  return names;
}

Objective objective_named(std::string_view text) {
  for (const Objective objective : objectives)
    if (name(objective) == text) return objective;
  throw Error(Exit::internal, "there is no objective " + in_quotes(std::string(text)));
}

std::vector<double> train(const Trainee& trainee, const Schedule& schedule, const std::function<Batch()>& next_batch,
                          const AfterStep& after_step) {
  std::vector<AdamW<float>> optimizers;
  for (const Trainee::Part& part : trainee.parts)
    optimizers.emplace_back(part.weights->size(), schedule.optimizer, part.bias);
  std::vector<double> losses;
  for (std::uint64_t done = 0; done < schedule.steps; ++done) {
    stop_if_interrupted();
    losses.push_back(trainee.loss_and_gradient(next_batch(), schedule.threads));
    if (!std::isfinite(losses.back()))
      throw Error(Exit::data, fmt::format("the training diverged: the loss of step {} is {}", done + 1, losses.back()),
                  fmt::format("try a learning rate below {}", schedule.optimizer.learning_rate));
    for (std::size_t i = 0; i < optimizers.size(); ++i)
      optimizers[i].step(trainee.parts[i].weights->data(), trainee.parts[i].gradient->data(), schedule.threads);
    if (after_step) after_step(done + 1, losses.back());
  }
  return losses;
}

Training train(const TrainingOptions& options, const AfterStep& after_step) {
  const Trainer& trainer = options.family->training;
  trainer.require_objective(options);
  Random random(options.seed);
  const Trainee trainee = trainer.trainee(options, random);
  const auto next_batch = [&] { return draw_batch(options.task, options.batch, random); };
  std::vector<double> losses =
      train(trainee, {options.steps, options.optimizer, options.threads}, next_batch, after_step);
  return {trainee.model(), std::move(losses)};
}

double final_loss(const std::vector<double>& losses) {
  const std::size_t count = std::min<std::size_t>(5, losses.size());
  return std::accumulate(losses.end() - static_cast<std::ptrdiff_t>(count), losses.end(), 0.0) /
         static_cast<double>(count);
}

Tensor float32_tensor(const std::string& name, const Matrix<float>& values, std::vector<std::uint64_t> shape) {
  Tensor tensor{name, DType::float32, std::move(shape), {}};
  tensor.bytes.resize(static_cast<std::size_t>(values.size()) * sizeof(float));
  std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
  return tensor;
}

} // namespace proofmark
