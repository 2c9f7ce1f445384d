#include "training/adamw.hpp"

#include <doctest/doctest.h>

using namespace proofmark;

// Expected values: torch.optim.AdamW(lr=0.01, weight_decay=0.1) in float64 from the same weights and
// gradients.
TEST_CASE("three steps are PyTorch's") {
  const double expected[3][4] = {
      {0.9890000002, -1.9880000004, 0.4995, -0.00999900009999},
      {0.9780110003998002, -1.9763601803855195, 0.4990005, -0.018832462744339907},
      {0.9670329895994003, -1.964803808141488, 0.4985014995, -0.027467735742170735},
  };
  AdamW<double> optimizer(4, {.learning_rate = 0.01, .weight_decay = 0.1});
  AdamW<float> single(4, {.learning_rate = 0.01, .weight_decay = 0.1});
  double weights[4] = {1, -2, 0.5, 0};
  float single_weights[4] = {1, -2, 0.5, 0};
  for (int t = 1; t <= 3; ++t) {
    const double gradient[4] = {0.5, -0.25 * t, 0, 1e-4 * t * t};
    const float single_gradient[4] = {0.5F, -0.25F * static_cast<float>(t), 0, 1e-4F * static_cast<float>(t * t)};
    optimizer.step(weights, gradient, 1);
    single.step(single_weights, single_gradient, 1);
    for (int i = 0; i < 4; ++i) {
      CHECK(weights[i] == doctest::Approx(expected[t - 1][i]).epsilon(1e-14));
      CHECK(single_weights[i] == doctest::Approx(expected[t - 1][i]).epsilon(1e-5));
    }
  }
}

// torch.optim.Adam(lr=0.01, betas=(0.9, 0.98), weight_decay=0.1), by its formula; without the L2 term where the weights are biases.
TEST_CASE("an L2 term joins the gradient, but not that of biases") {
  const double expected[3][4] = {
      {0.9900000001666667, -1.9900000002222222, 0.4900000019999996, -0.009999000099990003},
      {0.9800003585310496, -1.9801359886710495, 0.480004810419532, -0.00378829407198641},
      {0.9700013136178891, -1.9703373678548741, 0.47001775879923846, -0.004283089401232677},
  };
  const AdamWOptions options{.learning_rate = 0.01, .beta2 = 0.98, .weight_decay = 0, .l2 = 0.1};
  AdamW<double> optimizer(4, options), of_biases(4, options, true),
      without(4, {.learning_rate = 0.01, .beta2 = 0.98, .weight_decay = 0});
  double weights[4] = {1, -2, 0.5, 0}, biases[4] = {1, -2, 0.5, 0}, same[4] = {1, -2, 0.5, 0};
  for (int t = 1; t <= 3; ++t) {
    const double gradient[4] = {0.5, -0.25 * t, 0, 1e-4 * t * t};
    optimizer.step(weights, gradient, 1);
    of_biases.step(biases, gradient, 1);
    without.step(same, gradient, 1);
    for (int i = 0; i < 4; ++i) {
      CHECK(weights[i] == doctest::Approx(expected[t - 1][i]).epsilon(1e-13));
      CHECK(biases[i] == same[i]);
    }
  }
}

// With equal gradients each step is the rate, apart from epsilon.
TEST_CASE("the rate warms up linearly") {
  AdamW<double> optimizer(1, {.learning_rate = 0.1, .epsilon = 1e-20, .weight_decay = 0, .warm_up = 4});
  double weight = 0;
  const double gradient = 1;
  for (const double rate : {0.025, 0.05, 0.075, 0.1, 0.1}) {
    const double before = weight;
    optimizer.step(&weight, &gradient, 1);
    CHECK(before - weight == doctest::Approx(rate).epsilon(1e-12));
  }
}

TEST_CASE("the rate falls linearly in the steps that cool it down") {
  const AdamWOptions options{.learning_rate = 0.1, .epsilon = 1e-20, .weight_decay = 0, .cool_from = 2, .cool_to = 5};
  AdamW<double> optimizer(1, options);
  double weight = 0;
  const double gradient = 1;
  for (const double rate : {0.1, 0.1, 0.075, 0.05, 0.025}) {
    const double before = weight;
    optimizer.step(&weight, &gradient, 1);
    CHECK(before - weight == doctest::Approx(rate).epsilon(1e-12));
  }
}

TEST_CASE("pieces and threads do not change a step") {
  const Eigen::Index size = 40000; // three pieces
  const Eigen::ArrayXf gradient = Eigen::ArrayXf::LinSpaced(size, -1, 1);
  Eigen::ArrayXf one = Eigen::ArrayXf::Ones(size), three = one;
  AdamW<float> a(size, {}), b(size, {});
  for (int t = 0; t < 3; ++t) {
    a.step(one.data(), gradient.data(), 1);
    b.step(three.data(), gradient.data(), 3);
  }
  CHECK((one == three).all());
  CHECK((one != 1.0F).all());
}
