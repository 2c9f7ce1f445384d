#include "families/token_sum/training/gradient.hpp"
#include "families/token_sum/training/training.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace proofmark;

namespace {

using Weights = TokenSumWeights<double>;

Weights random_weights(const Task& task, std::uint64_t width, Random& random) {
  const TokenSumWeights<float> weights = initial_token_sum_weights(task, width, random);
  return {3 * weights.embedding.cast<double>(), weights.linear.cast<double>(), 2 * weights.unembedding.cast<double>()};
}

// The definition, one input and one logit after another.
double mean_loss(const Weights& weights, const Batch& batch) {
  double sum = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Eigen::VectorXd hidden = Eigen::VectorXd::Zero(weights.linear.rows());
    for (std::size_t position = 0; position < batch.context; ++position)
      hidden += weights.embedding.row(batch.token(i, position)).transpose();
    const Eigen::VectorXd logits = weights.unembedding * (weights.linear * hidden);
    sum += std::log(logits.array().exp().sum()) - logits(batch.labels[i]);
  }
  return sum / static_cast<double>(batch.size());
}

void check_differences(Weights& weights, Matrix<double> Weights::*part, const Matrix<double>& gradient,
                       const Batch& batch) {
  constexpr double step = 1e-5;
  for (Eigen::Index i = 0; i < gradient.size(); ++i) {
    double& weight = (weights.*part).data()[i];
    const double before = weight;
    weight = before + step;
    const double above = mean_loss(weights, batch);
    weight = before - step;
    const double below = mean_loss(weights, batch);
    weight = before;
    CHECK(gradient.data()[i] == doctest::Approx((above - below) / (2 * step)).epsilon(1e-6));
  }
}

} // namespace

TEST_CASE("loss and gradient agree with the definition and its finite differences") {
  for (const std::uint64_t context : {1U, 2U, 3U}) {
    Random random(context);
    const Task task{context, 7};
    Weights weights = random_weights(task, 5, random);
    const Batch batch = draw_batch(task, 20, random);
    Weights gradient;
    const double loss = TokenSumGradient<double>(7, 5).compute(weights, batch, gradient, 1);
    CHECK(loss == doctest::Approx(mean_loss(weights, batch)).epsilon(1e-13));
    check_differences(weights, &Weights::embedding, gradient.embedding, batch);
    check_differences(weights, &Weights::linear, gradient.linear, batch);
    check_differences(weights, &Weights::unembedding, gradient.unembedding, batch);
  }
}

// 2500 inputs are three slices, 300 tokens two panels of columns, 40 of width two panels: every border is
// crossed.
TEST_CASE("slices and panels add up to the whole, for any number of threads") {
  Random random(4);
  const Task task{2, 300};
  const Weights weights = random_weights(task, 40, random);
  const Batch batch = draw_batch(task, 2500, random);
  Weights gradient, same;
  TokenSumGradient<double> network(300, 40);
  const double loss = network.compute(weights, batch, gradient, 1);
  CHECK(loss == doctest::Approx(mean_loss(weights, batch)).epsilon(1e-12));
  CHECK(loss == network.compute(weights, batch, same, 3));
  CHECK(gradient.embedding == same.embedding);
  CHECK(gradient.linear == same.linear);
  CHECK(gradient.unembedding == same.unembedding);

  // The gradient of the whole is the mean of the gradients of inputs taken alone.
  Weights sum{Matrix<double>::Zero(300, 40), Matrix<double>::Zero(40, 40), Matrix<double>::Zero(300, 40)};
  TokenSumGradient<double> small(300, 40);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Batch single{2, {batch.token(i, 0), batch.token(i, 1)}, {batch.labels[i]}};
    small.compute(weights, single, same, 1);
    sum.embedding += same.embedding / 2500;
    sum.linear += same.linear / 2500;
    sum.unembedding += same.unembedding / 2500;
  }
  CHECK((sum.embedding - gradient.embedding).cwiseAbs().maxCoeff() < 1e-15);
  CHECK((sum.linear - gradient.linear).cwiseAbs().maxCoeff() < 1e-14);
  CHECK((sum.unembedding - gradient.unembedding).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("large logits overflow nothing") {
  TokenSumWeights<float> weights{Matrix<float>::Constant(2, 1, 100), Matrix<float>::Constant(1, 1, 100), {}}, gradient;
  weights.unembedding = (Matrix<float>(2, 1) << 0, 1).finished();
  const Batch batch{2, {0, 0}, {0}}; // logits 0 and 20 000, label 0
  CHECK(TokenSumGradient<float>(2, 1).compute(weights, batch, gradient, 1) == 20000);
  CHECK(gradient.unembedding.allFinite());
}
