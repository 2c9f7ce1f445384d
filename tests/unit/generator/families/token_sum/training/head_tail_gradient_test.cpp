#include "families/token_sum/training/gradient.hpp"
#include "families/token_sum/training/head_tail_gradient.hpp"
#include "families/token_sum/training/training.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace proofmark;

namespace {

using Weights = TokenSumWeights<double>;
using Heads = std::vector<std::set<Eigen::Index>>; // [V]

Weights random_weights(const Task& task, std::uint64_t width, Random& random) {
  const TokenSumWeights<float> weights = initial_token_sum_weights(task, width, random);
  return {9 * weights.embedding.cast<double>(), weights.linear.cast<double>(), 4 * weights.unembedding.cast<double>()};
}

Eigen::MatrixXd token_logits(const Weights& weights) { // M [V x V]
  return weights.embedding * weights.linear.transpose() * weights.unembedding.transpose();
}

Heads largest(const Eigen::MatrixXd& logits, std::size_t size) {
  Heads heads;
  for (Eigen::Index token = 0; token < logits.rows(); ++token) {
    std::vector<Eigen::Index> columns(static_cast<std::size_t>(logits.cols()));
    std::iota(columns.begin(), columns.end(), 0);
    std::stable_sort(columns.begin(), columns.end(),
                     [&](Eigen::Index k, Eigen::Index l) { return logits(token, k) > logits(token, l); });
    heads.emplace_back(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(size));
  }
  return heads;
}

// The rule's own formula: exponentials as products, a term for each head in turn, tails as vectors.
double bound(const Eigen::MatrixXd& logits, const Heads& heads, std::vector<Token> tokens, Token label) {
  std::swap(*std::find(tokens.begin(), tokens.end(), label), tokens.back());
  const Eigen::ArrayXXd exponentials = logits.array().exp();
  const auto in_head = [&](Token token, Eigen::Index k) { return heads[token].contains(k) ? 1.0 : 0.0; };
  const Token a = tokens[0], b = tokens[tokens.size() - 2], c = tokens.back();
  double z = 0, squares_a = 0, squares_b = 0;
  for (Eigen::Index k = 0; k < logits.cols(); ++k) {
    const double a_k = exponentials(a, k), b_k = exponentials(b, k), c_k = exponentials(c, k);
    const double tail_a = a_k * (1 - in_head(a, k)), tail_b = b_k * (1 - in_head(b, k)),
                 tail_c = c_k * (1 - in_head(c, k));
    if (tokens.size() == 2) {
      z += in_head(c, k) * a_k * c_k + in_head(a, k) * a_k * tail_c;
      squares_a += tail_a * tail_a;
      squares_b += tail_c * tail_c;
    } else {
      z += in_head(c, k) * a_k * b_k * c_k + in_head(b, k) * a_k * b_k * tail_c + in_head(a, k) * a_k * tail_b * tail_c;
      squares_a += tail_a * tail_a * tail_c;
      squares_b += tail_b * tail_b * tail_c;
    }
  }
  z += std::sqrt(squares_a) * std::sqrt(squares_b);
  double label_logit = 0;
  for (const Token token : tokens) label_logit += logits(token, label);
  return std::log(z) - label_logit;
}

double mean_bound(const Weights& weights, const Heads& heads, const Batch& batch) {
  const Eigen::MatrixXd logits = token_logits(weights);
  double sum = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    std::vector<Token> tokens;
    for (std::size_t position = 0; position < batch.context; ++position) tokens.push_back(batch.token(i, position));
    sum += bound(logits, heads, tokens, batch.labels[i]);
  }
  return sum / static_cast<double>(batch.size());
}

// The heads stay what they are: no gradient goes through their choice.
void check_differences(Weights& weights, Matrix<double> Weights::*part, const Matrix<double>& gradient,
                       const Heads& heads, const Batch& batch) {
  constexpr double step = 1e-5;
  for (Eigen::Index i = 0; i < gradient.size(); ++i) {
    double& weight = (weights.*part).data()[i];
    const double before = weight;
    weight = before + step;
    const double above = mean_bound(weights, heads, batch);
    weight = before - step;
    const double below = mean_bound(weights, heads, batch);
    weight = before;
    CHECK(gradient.data()[i] == doctest::Approx((above - below) / (2 * step)).epsilon(1e-6));
  }
}

void check(Weights weights, const Batch& batch, std::size_t head) {
  const auto vocabulary = static_cast<std::uint64_t>(weights.unembedding.rows());
  const auto width = static_cast<std::uint64_t>(weights.linear.rows());
  const Heads heads = largest(token_logits(weights), head);
  Weights gradient;
  const double mean = TokenSumHeadTailGradient<double>(vocabulary, width, head).compute(weights, batch, gradient, 1);
  CHECK(mean == doctest::Approx(mean_bound(weights, heads, batch)).epsilon(1e-12));
  check_differences(weights, &Weights::embedding, gradient.embedding, heads, batch);
  check_differences(weights, &Weights::linear, gradient.linear, heads, batch);
  check_differences(weights, &Weights::unembedding, gradient.unembedding, heads, batch);
}

} // namespace

// 7 tokens in 60 inputs: equal tokens, equal inputs and overlapping heads all occur; m = 7 leaves no tail.
TEST_CASE("bound and gradient agree with the rule's formula and its finite differences") {
  for (const std::uint64_t context : {2U, 3U})
    for (const std::size_t head : {1U, 3U, 6U, 7U}) {
      CAPTURE(context);
      CAPTURE(head);
      Random random(context);
      const Task task{context, 7};
      const Weights weights = random_weights(task, 5, random);
      check(weights, draw_batch(task, 60, random), head);
    }
}

TEST_CASE("of equal logits the first is in the head") {
  Random random(1);
  const Task task{2, 6};
  Weights weights = random_weights(task, 5, random);
  weights.unembedding.row(3) = weights.unembedding.row(1);
  weights.unembedding.row(4) = weights.unembedding.row(2);
  weights.unembedding.row(5) = weights.unembedding.row(2);
  // Other shapes of the same product may tell equal columns apart in the last bit; these numbers are too short to.
  for (auto* part : {&weights.embedding, &weights.linear, &weights.unembedding})
    *part = (part->array() * 64).round() / 64;
  const Eigen::MatrixXd logits = token_logits(weights);
  REQUIRE(logits.col(3) == logits.col(1));
  for (const std::size_t head : {1U, 2U, 3U, 4U}) check(weights, draw_batch(task, 40, random), head);
}

TEST_CASE("the bound of one input alone, with all tokens the same") {
  Random random(5);
  const Task task{3, 5};
  const Weights weights = random_weights(task, 4, random);
  check(weights, {2, {3, 3}, {3}}, 1);
  check(weights, {3, {3, 3, 3}, {3}}, 1);
  check(weights, {3, {1, 4, 4}, {4}}, 2);
}

TEST_CASE("a head of everything gives the cross-entropy, a smaller one gives more") {
  for (const std::uint64_t context : {2U, 3U}) {
    Random random(6);
    const Task task{context, 9};
    const Weights weights = random_weights(task, 4, random);
    const Batch batch = draw_batch(task, 50, random);
    Weights exact, same;
    const double loss = TokenSumGradient<double>(9, 4).compute(weights, batch, exact, 1);
    CHECK(TokenSumHeadTailGradient<double>(9, 4, 9).compute(weights, batch, same, 1) == doctest::Approx(loss));
    CHECK((exact.embedding - same.embedding).cwiseAbs().maxCoeff() < 1e-14);
    CHECK((exact.linear - same.linear).cwiseAbs().maxCoeff() < 1e-14);
    CHECK((exact.unembedding - same.unembedding).cwiseAbs().maxCoeff() < 1e-14);
    CHECK(TokenSumHeadTailGradient<double>(9, 4, 1).compute(weights, batch, same, 1) > loss);
  }
}

// 300 tokens are three panels of rows, 700 inputs six; a smaller batch follows a larger one.
TEST_CASE("bounds and gradients do not depend on the number of threads, nor on the batch before") {
  for (const std::uint64_t context : {2U, 3U}) {
    Random random(7);
    const Task task{context, 300};
    const TokenSumWeights<float> weights = initial_token_sum_weights(task, 40, random);
    TokenSumWeights<float> gradient, same;
    TokenSumHeadTailGradient<float> network(300, 40, 2);
    for (const std::size_t size : {700U, 90U}) {
      const Batch batch = draw_batch(task, size, random);
      const double mean = TokenSumHeadTailGradient<float>(300, 40, 2).compute(weights, batch, gradient, 1);
      for (const unsigned threads : {1U, 3U}) {
        CHECK(mean == network.compute(weights, batch, same, threads));
        CHECK(gradient.embedding == same.embedding);
        CHECK(gradient.linear == same.linear);
        CHECK(gradient.unembedding == same.unembedding);
      }
    }
  }
}

TEST_CASE("large logits overflow nothing, and small tails vanish without a trace of NaN") {
  const auto check = [](std::uint64_t context, float scale, const Batch& batch) {
    TokenSumWeights<float> weights{Matrix<float>::Constant(3, 1, scale), Matrix<float>::Constant(1, 1, 1), {}},
        gradient;
    weights.unembedding = (Matrix<float>(3, 1) << 0, 1, 3).finished();
    CAPTURE(scale);
    for (const std::uint64_t head : {1U, 2U, 3U}) {
      const double mean = TokenSumHeadTailGradient<float>(3, 1, head).compute(weights, batch, gradient, 1);
      CHECK(mean == doctest::Approx(static_cast<float>(context) * std::max(3 * scale, 0.F)));
      CHECK(gradient.embedding.allFinite());
      CHECK(gradient.linear.allFinite());
      CHECK(gradient.unembedding.allFinite());
    }
  };
  for (const float scale : {10000.F, -10000.F}) {
    check(2, scale, {2, {0, 0}, {0}});
    check(3, scale, {3, {0, 0, 0}, {0}});
  }
}
