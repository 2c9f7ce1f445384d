#include "families/attention_only/training/cubic_gradient.hpp"
#include "families/attention_only/training/training.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace proofmark;

namespace {

using Weights = AttentionOnlyWeights<double>;
using Table = Matrix<double>;

double softplus(double x) {
  return std::log1p(std::exp(x));
}

// The rule's own formula: tables entry by entry from the definition, sums of weights of all subsets' extreme ends.
double penalty(const Weights& w, Eigen::Index m, double slack) {
  const Eigen::Index V = w.embedding.rows(), n = w.positions.rows();
  const double root = std::sqrt(static_cast<double>(w.key.cols()));
  const auto query = [&](Eigen::Index q) -> Eigen::RowVectorXd { return w.embedding.row(q) + w.positions.row(n - 1); };
  const auto moved = [&](const Eigen::RowVectorXd& x) -> Eigen::RowVectorXd {
    return x * w.value * w.output * w.unembedding;
  };
  const auto score = [&](Eigen::Index q, const Eigen::RowVectorXd& x) {
    return (query(q) * w.query).dot(x * w.key) / root;
  };
  const auto largest = [&](const Eigen::RowVectorXd& row) { // of the wrong outputs, relative to the label's
    double result = -INFINITY;
    for (Eigen::Index k = 0; k < V; ++k)
      if (k != m) result = std::max(result, row(k) - row(m));
    return result;
  };
  Eigen::RowVectorXd top = Eigen::RowVectorXd::Constant(V, -INFINITY);
  for (Eigen::Index p = 0; p < n; ++p) {
    const Eigen::RowVectorXd row = moved(w.positions.row(p));
    top = top.cwiseMax((row.array() - row(m)).matrix());
  }
  const auto y = [&](Eigen::Index t) { return largest(moved(w.embedding.row(t)) + top); };

  double sum = 0;
  for (Eigen::Index q = n == 1 ? m : 0; q <= m; ++q) {
    const double u = largest(query(q) * w.unembedding);
    std::vector<double> b;
    for (Eigen::Index p = 0; p < n; ++p) b.push_back(std::exp(score(q, w.positions.row(p))));
    const double last = b.back();
    b.pop_back();
    std::sort(b.begin(), b.end());
    const double all = std::accumulate(b.begin(), b.end(), 0.0);
    const auto r = [&](Eigen::Index t) {
      return std::exp(score(q, w.embedding.row(t)) - score(q, w.embedding.row(m)));
    };
    const auto margin = [&](double of_others, Eigen::Index k) {
      const double parts[] = {all - of_others, r(q) * last, of_others == 0 ? 0 : r(k) * of_others};
      return u + (parts[0] * y(m) + parts[1] * y(q) + parts[2] * y(k)) / (parts[0] + parts[1] + parts[2]);
    };
    double choices = 1; // of the slots of the others
    sum += softplus(margin(0, m) + slack);
    for (Eigen::Index s = 1; s <= (q == m ? n - 1 : n - 2); ++s) {
      choices *= static_cast<double>(n - s) / static_cast<double>(s);
      double light = 0, heavy = 0;
      for (Eigen::Index i = 0; i < s; ++i) {
        light += b[static_cast<std::size_t>(i)];
        heavy += b[b.size() - 1 - static_cast<std::size_t>(i)];
      }
      for (Eigen::Index k = 0; k < m; ++k)
        sum += choices * std::pow(m, s - 1) * softplus(std::max(margin(light, k), margin(heavy, k)) + slack);
    }
  }
  return sum / (std::pow(m + 1, n) - std::pow(m, n));
}

} // namespace

TEST_CASE("the penalty of cubic@1 and its gradient agree with the rule's formula and its finite differences") {
  for (const std::uint64_t context : {1U, 2U, 3U, 4U}) {
    CAPTURE(context);
    Random random(context);
    const AttentionOnlyWeights<float> drawn = initial_attention_only_weights({context, 5}, 4, 3, random);
    Weights weights, gradient;
    for (std::size_t i = 0; i < Weights::parts.size(); ++i) {
      weights.*Weights::parts[i] = 2.5 * (drawn.*AttentionOnlyWeights<float>::parts[i]).cast<double>();
      gradient.*Weights::parts[i] =
          Matrix<double>::Zero((weights.*Weights::parts[i]).rows(), (weights.*Weights::parts[i]).cols());
    }
    const std::vector<Token> labels{0, 4, 2, 4};
    const CubicPenalty wanted{3, 2};
    const auto expected = [&] {
      double sum = 0;
      for (const Token label : labels) sum += penalty(weights, label, wanted.slack);
      return 0.75 * sum;
    };
    AttentionOnlyCubicGradient<double> cubic;
    CHECK(cubic.add(weights, labels, wanted, gradient) == doctest::Approx(expected()).epsilon(1e-12));
    for (const auto part : Weights::parts)
      for (Eigen::Index i = 0; i < (weights.*part).size(); ++i) {
        constexpr double step = 1e-5;
        double& weight = (weights.*part).data()[i];
        const double before = weight;
        weight = before + step;
        const double above = expected();
        weight = before - step;
        const double below = expected();
        weight = before;
        CHECK((gradient.*part).data()[i] == doctest::Approx((above - below) / (2 * step)).epsilon(1e-6).scale(1e-2));
      }
  }
}

TEST_CASE("the gradient of the penalty is added to what is there, and a single token has none") {
  Random random(9);
  const AttentionOnlyWeights<float> weights = initial_attention_only_weights({3, 6}, 4, 4, random);
  AttentionOnlyWeights<float> once = weights, twice = weights;
  for (const auto part : AttentionOnlyWeights<float>::parts) (once.*part).setZero(), (twice.*part).setOnes();
  AttentionOnlyCubicGradient<float> cubic;
  const std::vector<Token> labels{3, 5};
  cubic.add(weights, labels, {}, once);
  cubic.add(weights, labels, {}, twice);
  for (const auto part : AttentionOnlyWeights<float>::parts)
    CHECK(((twice.*part - once.*part).array() - 1).abs().maxCoeff() < 1e-5F);

  const AttentionOnlyWeights<float> lonely = initial_attention_only_weights({2, 1}, 3, 3, random);
  AttentionOnlyWeights<float> gradient = lonely;
  for (const auto part : AttentionOnlyWeights<float>::parts) (gradient.*part).setZero();
  CHECK(cubic.add(lonely, std::vector<Token>{0}, {}, gradient) == 0);
  for (const auto part : AttentionOnlyWeights<float>::parts) CHECK((gradient.*part).isZero());
}
