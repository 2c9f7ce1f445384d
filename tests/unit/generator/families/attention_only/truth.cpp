#include "families/attention_only/truth.hpp"

#include <fmt/format.h>

#include <cmath>

namespace proofmark::test {

namespace {

using attention_only::Tables;
using Index = Eigen::Index;

class Draw {
public:
  explicit Draw(unsigned seed) : engine_(seed) {}

  double normal() { return normal_(engine_); }
  double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine_); }
  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  MatrixD normal(Index rows, Index columns, double size) {
    return MatrixD::NullaryExpr(rows, columns, [&] { return size * normal(); });
  }
  MatrixD whole(Index rows, Index columns) {
    return MatrixD::NullaryExpr(rows, columns, [&] { return static_cast<double>(below(3)) - 1; });
  }

private:
  std::mt19937_64 engine_;
  std::normal_distribution<double> normal_;
};

Tables like_trained(Draw& draw, Index V, Index n) {
  const double noise = std::array{0.02, 0.1, 0.3, 0.6}[draw.below(4)], copy = draw.between(2, 12),
               slope = draw.between(0.3, 4);
  const MatrixD rising = MatrixD::NullaryExpr(V, V, [&](Index, Index t) { return slope * static_cast<double>(t); });
  return {static_cast<std::uint64_t>(n),
          static_cast<std::uint64_t>(V),
          draw.normal(V, V, noise * copy),
          copy * MatrixD::Identity(V, V) + draw.normal(V, V, noise * copy),
          draw.normal(n, V, noise * copy / 3),
          rising + draw.normal(V, V, noise * slope),
          draw.normal(V, n, noise),
          0,
          0};
}

Tables random(Draw& draw, Index V, Index n) {
  const auto size = [&] { return std::pow(10, draw.between(-1, 1)); };
  return {static_cast<std::uint64_t>(n),
          static_cast<std::uint64_t>(V),
          draw.normal(V, V, size()),
          draw.normal(V, V, size()),
          draw.normal(n, V, size()),
          draw.normal(V, V, size()),
          draw.normal(V, n, size()),
          0,
          0};
}

Tables wild_scores(Draw& draw, Index V, Index n) {
  Tables t = like_trained(draw, V, n);
  t.PO *= 5;
  t.A *= draw.between(5, 140) / std::max(1.0, t.A.cwiseAbs().maxCoeff());
  t.B = draw.normal(V, n, draw.between(1, 30));
  return t;
}

Tables ties(Draw& draw, Index V, Index n) {
  return {static_cast<std::uint64_t>(n),
          static_cast<std::uint64_t>(V),
          draw.whole(V, V),
          draw.whole(V, V) + MatrixD::Identity(V, V) * static_cast<double>(1 + draw.below(3)),
          MatrixD::Zero(n, V),
          MatrixD::Zero(V, V),
          MatrixD::Zero(V, n),
          0,
          0};
}

Tables helpful(Draw& draw, Index V, Index n) {
  Tables t{static_cast<std::uint64_t>(n),
           static_cast<std::uint64_t>(V),
           draw.normal(V, V, 0.3),
           draw.normal(V, V, 0.3),
           draw.normal(n, V, 0.1),
           draw.normal(V, V, draw.between(0.5, 4)),
           draw.normal(V, n, draw.below(2) ? 0.1 : 8),
           0,
           0};
  t.EU.col(0).array() += draw.between(1, 4);
  t.OV.col(V - 1).array() += draw.between(1, 10);
  t.OV(V - 1, V - 1) = draw.between(-1, 6);
  return t;
}

} // namespace

std::vector<NamedTables> small_tables(unsigned seed, unsigned count) {
  Draw draw(seed);
  std::vector<NamedTables> result;
  const std::array kinds{like_trained, random, wild_scores, ties, helpful};
  for (unsigned i = 0; i < count; ++i) {
    const auto V = static_cast<Index>(2 + draw.below(5)), n = static_cast<Index>(1 + draw.below(4));
    result.push_back(
        {fmt::format("tables {} of seed {}, V = {}, n = {}", i, seed, V, n), kinds[i % kinds.size()](draw, V, n)});
  }
  return result;
}

LabelSum true_sum(const Tables& tables, std::uint64_t label) {
  const std::uint64_t V = tables.V, n = tables.n;
  const auto entry = [](const MatrixD& table, std::uint64_t row, std::uint64_t column) {
    return enclose(table(static_cast<Index>(row), static_cast<Index>(column)));
  };
  LabelSum result{Interval(0), Interval(0), 0, 0};
  std::vector<std::uint64_t> input(n, 0);
  for (;;) {
    if (*std::max_element(input.begin(), input.end()) == label) {
      const std::uint64_t q = input.back();
      std::vector<Interval> weights;
      Interval mass(0), others(0);
      for (std::uint64_t p = 0; p < n; ++p)
        mass += weights.emplace_back(exp(entry(tables.A, q, input[p]) + entry(tables.B, q, p)));
      const auto logit = [&](std::uint64_t w) {
        Interval sum(0);
        for (std::uint64_t p = 0; p < n; ++p)
          sum += weights[p] * (entry(tables.OV, input[p], w) + entry(tables.PO, p, w));
        return entry(tables.EU, q, w) + sum / mass;
      };
      const Interval own = logit(label);
      bool correct = true, undecided = true;
      for (std::uint64_t w = 0; w < V; ++w) {
        if (w == label) continue;
        const Interval margin = logit(w) - own;
        others += exp(margin);
        correct = correct && certainly_less(margin, Interval(0));
        undecided = undecided && !certainly_positive(margin);
        result.margin = std::min(result.margin.value_or(-upper_double(margin)), -upper_double(margin));
      }
      result.loss += log(Interval(1) + others);
      result.correct += correct;
      result.undecided += undecided && !correct;
    }
    std::size_t p = 0;
    while (p < n && ++input[p] == V) input[p++] = 0;
    if (p == n) return result;
  }
}

} // namespace proofmark::test
