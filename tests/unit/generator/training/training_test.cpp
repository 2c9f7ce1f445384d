#include "families/attention_only/training/training.hpp"
#include "families/token_sum/training/training.hpp"
#include "refusal.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace proofmark;

namespace {

TrainingOptions small() {
  TrainingOptions options = token_sum_trainer.recipe();
  options.task = {.context = 2, .vocabulary = 32};
  options.width = 16;
  options.steps = 200;
  options.batch = 256;
  options.optimizer.learning_rate = 1e-2;
  return options;
}

TrainingOptions small_attention() {
  TrainingOptions options = attention_only_trainer.recipe();
  options.task = {.context = 3, .vocabulary = 16};
  options.width = 16;
  options.head_width = 8;
  options.steps = 400;
  options.optimizer.learning_rate = 1e-2;
  return options;
}

} // namespace

TEST_CASE("the first loss is that of guessing, the last is much better") {
  const Training training = train(small());
  REQUIRE(training.losses.size() == 200);
  CHECK(training.losses.front() == doctest::Approx(std::log(32)).epsilon(0.02));
  CHECK(final_loss(training.losses) < 1);
  const auto& model = training.model;
  CHECK(model.vocabulary == 32);
  CHECK(model.width == 16);
}

TEST_CASE("one seed is one model, whatever the number of threads") {
  TrainingOptions options = small();
  options.task.vocabulary = 600; // several pieces of work
  options.batch = 300;
  options.steps = 5;
  const std::string expected = model_sha256(train(options).model, options.task.context);
  for (const unsigned threads : {2U, 3U}) {
    options.threads = threads;
    CHECK(model_sha256(train(options).model, options.task.context) == expected);
  }
  options.seed = 58;
  CHECK(model_sha256(train(options).model, options.task.context) != expected);
}

TEST_CASE("the head-tail bound falls, from more than that of guessing, and one seed is one model") {
  for (const std::uint64_t context : {2U, 3U}) {
    TrainingOptions options = small();
    options.task.context = context;
    options.objective = Objective::head_tail;
    options.threads = 3;
    const Training training = train(options);
    CHECK(training.losses.front() > std::log(32) - 0.05);
    CHECK(final_loss(training.losses) < 1);
    options.threads = 1;
    CHECK(model_sha256(train(options).model, options.task.context) ==
          model_sha256(training.model, options.task.context));
  }
}

TEST_CASE("weights start as nn.Linear starts them") {
  Random random(57);
  const TokenSumWeights<float> weights = initial_token_sum_weights({2, 400}, 100, random);
  const auto check = [](const Matrix<float>& matrix, float bound) {
    CHECK(matrix.cwiseAbs().maxCoeff() <= bound);
    CHECK(matrix.maxCoeff() > 0.99F * bound);
    CHECK(matrix.minCoeff() < -0.99F * bound);
    CHECK(std::abs(matrix.mean()) < 0.02F * bound);
  };
  check(weights.embedding, 0.05F); // 1/sqrt(V)
  check(weights.linear, 0.1F);     // 1/sqrt(d)
  check(weights.unembedding, 0.1F);
  Random again(57);
  CHECK(weights.embedding(1, 0) ==
        (again.next(), (2 * again.uniform() - 1) * 0.05F)); // second element of embedding.weight [d, V]
}

TEST_CASE("every context and the smallest sizes can be trained") {
  TrainingOptions options = small();
  options.steps = 2;
  for (const std::uint64_t context : {1U, 3U, 64U}) {
    options.task.context = context;
    CHECK(std::isfinite(final_loss(train(options).losses)));
  }
  options.task = {.context = 1, .vocabulary = 1};
  options.width = options.batch = options.steps = 1;
  CHECK(train(options).losses == std::vector<double>{0});
  options.task.context = 2;
  options.objective = Objective::head_tail;
  CHECK(train(options).losses == std::vector<double>{0});
}

TEST_CASE("a transformer learns the task, and has the shapes that were asked for") {
  const Training training = train(small_attention());
  CHECK(training.losses.front() == doctest::Approx(std::log(16)).epsilon(0.1));
  CHECK(final_loss(training.losses) < 0.5);
  const auto& model = training.model;
  CHECK(model.context == 3);
  CHECK(model.vocabulary == 16);
  CHECK(model.width == 16);
  CHECK(model.head_width == 8);
}

TEST_CASE("one seed is one transformer, whatever the number of threads") {
  TrainingOptions options = small_attention();
  options.task.vocabulary = 600; // several pieces of work
  options.batch = 3000;
  options.steps = 3;
  const std::string expected = model_sha256(train(options).model, options.task.context);
  options.threads = 3;
  CHECK(model_sha256(train(options).model, options.task.context) == expected);
  options.seed = 58;
  CHECK(model_sha256(train(options).model, options.task.context) != expected);
}

TEST_CASE("transformers start as TransformerLens starts them, and the smallest can be trained") {
  Random random(57);
  const AttentionOnlyWeights<float> weights = initial_attention_only_weights({4, 300}, 64, 32, random);
  for (const auto part : AttentionOnlyWeights<float>::parts) {
    const Matrix<float>& matrix = weights.*part;
    const double mean = matrix.cast<double>().mean(), size = static_cast<double>(matrix.size());
    CHECK(std::abs(mean) < 5 * 0.1 / std::sqrt(size));
    CHECK(matrix.cast<double>().squaredNorm() / size ==
          doctest::Approx(0.01).epsilon(7 / std::sqrt(size))); // 0.8² / 64
  }
  TrainingOptions options = small_attention();
  options.task = {.context = 1, .vocabulary = 1};
  options.width = options.head_width = options.batch = options.steps = 1;
  CHECK(train(options).losses == std::vector<double>{0});
}

TEST_CASE("an objective of another family is refused") {
  TrainingOptions sums = small(), attention = small_attention();
  sums.objective = Objective::cubic;
  attention.objective = Objective::head_tail;
  for (const TrainingOptions& options : {sums, attention}) {
    const auto error = refusal([&] { train(options); });
    REQUIRE(error);
    CHECK(error->exit == Exit::usage);
  }
}

TEST_CASE("the penalty of cubic@1 falls, and one seed is one model") {
  TrainingOptions options = small_attention();
  options.objective = Objective::cubic;
  const Training training = train(options);
  CHECK(training.losses.front() > 5);
  CHECK(final_loss(training.losses) < 0.5 * training.losses.front());
  options.threads = 3;
  CHECK(model_sha256(train(options).model, options.task.context) == model_sha256(training.model, options.task.context));
}

TEST_CASE("a training that diverges is given up") {
  TrainingOptions options = small();
  options.optimizer.learning_rate = 1e20;
  const auto error = refusal([&] { train(options); });
  REQUIRE(error);
  CHECK(error->exit == Exit::data);
  CHECK(std::string(error->what()).starts_with("the training diverged: the loss of step "));
}

TEST_CASE("the final loss is the mean of the last five") {
  CHECK(final_loss({9, 1, 2, 3, 4, 5}) == 3);
  CHECK(final_loss({1, 2}) == 1.5);
}
