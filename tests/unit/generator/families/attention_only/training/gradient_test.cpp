#include "families/attention_only/training/gradient.hpp"
#include "families/attention_only/training/training.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace proofmark;

namespace {

using Weights = AttentionOnlyWeights<double>;

Weights random_weights(const Task& task, std::uint64_t width, std::uint64_t head_width, double size, Random& random) {
  const AttentionOnlyWeights<float> drawn = initial_attention_only_weights(task, width, head_width, random);
  Weights weights;
  for (std::size_t i = 0; i < Weights::parts.size(); ++i)
    weights.*Weights::parts[i] = size * (drawn.*AttentionOnlyWeights<float>::parts[i]).cast<double>();
  return weights;
}

// The definition, one input and one logit after another.
double mean_loss(const Weights& w, const Batch& batch) {
  double sum = 0;
  const auto n = static_cast<Eigen::Index>(batch.context);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto residual = [&](Eigen::Index p) -> Eigen::RowVectorXd {
      return w.embedding.row(batch.token(i, static_cast<std::size_t>(p))) + w.positions.row(p);
    };
    const Eigen::RowVectorXd query = residual(n - 1) * w.query;
    double total = 0;
    Eigen::RowVectorXd mixed = Eigen::RowVectorXd::Zero(w.value.cols());
    for (Eigen::Index p = 0; p < n; ++p) {
      const double weight = std::exp(query.dot(residual(p) * w.key) / std::sqrt(static_cast<double>(w.key.cols())));
      total += weight;
      mixed += weight * (residual(p) * w.value);
    }
    const Eigen::RowVectorXd logits = (residual(n - 1) + mixed / total * w.output) * w.unembedding;
    double exponentials = 0;
    for (const double logit : logits) exponentials += std::exp(logit);
    sum += std::log(exponentials) - logits(batch.labels[i]);
  }
  return sum / static_cast<double>(batch.size());
}

} // namespace

TEST_CASE("loss and gradient of transformers agree with the definition and its finite differences") {
  for (const std::uint64_t context : {1U, 2U, 3U, 5U}) {
    CAPTURE(context);
    Random random(context);
    const Task task{context, 7};
    Weights weights = random_weights(task, 5, 3, 2, random), gradient;
    const Batch batch = draw_batch(task, 20, random);
    AttentionOnlyGradient<double> network;
    CHECK(network.compute(weights, batch, gradient, 1) == doctest::Approx(mean_loss(weights, batch)).epsilon(1e-13));
    for (const auto part : Weights::parts)
      for (Eigen::Index i = 0; i < (weights.*part).size(); ++i) {
        constexpr double step = 1e-5;
        double& weight = (weights.*part).data()[i];
        const double before = weight;
        weight = before + step;
        const double above = mean_loss(weights, batch);
        weight = before - step;
        const double below = mean_loss(weights, batch);
        weight = before;
        CHECK((gradient.*part).data()[i] == doctest::Approx((above - below) / (2 * step)).epsilon(1e-6).scale(1e-3));
      }
  }
}

// 3000 inputs of 3 tokens are three slices, 300 tokens two panels of columns; a smaller batch follows.
TEST_CASE("slices and panels of transformers add up to the whole, for any number of threads") {
  Random random(4);
  const Task task{3, 300};
  const Weights weights = random_weights(task, 12, 8, 1, random);
  AttentionOnlyGradient<double> network;
  Weights gradient, same;
  for (const std::size_t size : {3000U, 90U}) {
    const Batch batch = draw_batch(task, size, random);
    const double loss = network.compute(weights, batch, gradient, 1);
    CHECK(loss == doctest::Approx(mean_loss(weights, batch)).epsilon(1e-12));
    CHECK(loss == AttentionOnlyGradient<double>().compute(weights, batch, same, 3));
    for (const auto part : Weights::parts) CHECK(gradient.*part == same.*part);

    // The gradient of the whole is the mean of the gradients of inputs taken alone.
    Weights sum = gradient;
    for (const auto part : Weights::parts) (sum.*part).setZero();
    for (std::size_t i = 0; i < size; ++i) {
      const auto tokens = batch.tokens.begin() + static_cast<std::ptrdiff_t>(3 * i);
      network.compute(weights, {3, {tokens, tokens + 3}, {batch.labels[i]}}, same, 1);
      for (const auto part : Weights::parts) sum.*part += same.*part / static_cast<double>(size);
    }
    for (const auto part : Weights::parts) CHECK((sum.*part - gradient.*part).cwiseAbs().maxCoeff() < 1e-14);
  }
}

TEST_CASE("large scores and logits of transformers overflow nothing") {
  Random random(5);
  const Task task{3, 6};
  const AttentionOnlyWeights<float> drawn = initial_attention_only_weights(task, 4, 4, random);
  AttentionOnlyWeights<float> weights = drawn, gradient;
  for (const auto part : AttentionOnlyWeights<float>::parts) weights.*part *= 100;
  CHECK(std::isfinite(AttentionOnlyGradient<float>().compute(weights, draw_batch(task, 50, random), gradient, 1)));
  for (const auto part : AttentionOnlyWeights<float>::parts) CHECK((gradient.*part).allFinite());
}
