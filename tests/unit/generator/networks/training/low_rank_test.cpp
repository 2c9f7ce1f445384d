#include "networks/training/low_rank.hpp"
#include "numbers/random.hpp"

#include <doctest/doctest.h>

#include <Eigen/SVD>

using namespace proofmark;
using namespace proofmark::networks;

namespace {

using Map = Matrices<double>::Map;

constexpr Eigen::Index width = 6, classes = 5, rank = 2;

Weights<double> with_last(const Eigen::MatrixXd& last) { // x -> relu(x) last
  Weights<double> weights;
  weights.readout = {Activation::relu, Map{last, {}}};
  return weights;
}

// What is minimised, by singular values.
double beyond(const Eigen::MatrixXd& last) {
  const Eigen::MatrixXd centred = last.colwise() - last.rowwise().mean();
  const Eigen::VectorXd values = Eigen::JacobiSVD<Eigen::MatrixXd>(centred).singularValues();
  return 0.0005 * values.tail(values.size() - rank).squaredNorm();
}

} // namespace

TEST_CASE(
    "the penalty is what lies beyond the rank, its gradient by differences, when the directions have been found") {
  Random random(1);
  const Eigen::MatrixXd last = Eigen::MatrixXd::NullaryExpr(width, classes, [&] { return random.normal(); });
  const Weights<double> weights = with_last(last);
  LowRankPenalty penalty(rank);
  Weights<double> gradient;
  double value = 0;
  for (int step = 0; step < 500; ++step) {
    gradient = with_last(Eigen::MatrixXd::Ones(width, classes));
    value = penalty.add(weights, gradient);
  }
  CHECK(value == doctest::Approx(beyond(last)).epsilon(1e-10));
  for (Eigen::Index i = 0; i < width; ++i)
    for (Eigen::Index c = 0; c < classes; ++c) {
      Eigen::MatrixXd up = last, down = last;
      up(i, c) += 1e-4;
      down(i, c) -= 1e-4;
      const double slope = (beyond(up) - beyond(down)) / 2e-4;
      CHECK(std::get<Map>(gradient.readout[1]).weight(i, c) - 1 == doctest::Approx(slope).epsilon(1e-5));
    }
}

TEST_CASE("a map of the rank, and what is added to all of its logits, cost nothing") {
  Random random(2);
  const auto matrix = [&](Eigen::Index rows, Eigen::Index columns) {
    return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return random.normal(); }).eval();
  };
  const Weights<double> weights =
      with_last(matrix(width, rank) * matrix(rank, classes) + matrix(width, 1) * Eigen::MatrixXd::Ones(1, classes));
  LowRankPenalty penalty(rank);
  Weights<double> gradient = with_last(Eigen::MatrixXd::Zero(width, classes));
  CHECK(penalty.add(weights, gradient) < 1e-25);
}
