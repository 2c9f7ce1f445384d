#include "networks/training/gradient.hpp"
#include "numbers/random.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace proofmark;
using namespace proofmark::networks;

namespace {

using Map = Matrices<double>::Map;
using Row = Eigen::RowVectorXd;
using Part = Architecture<Matrices<double>>::Part;

constexpr Eigen::Index width = 5, heads = 2, head_width = 3, mlp_width = 6, classes = 4, vocabulary = 3;
constexpr std::uint64_t positions = 3;

Eigen::MatrixXd random_matrix(Eigen::Index rows, Eigen::Index columns, Random& random) {
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return 0.7 * random.normal(); });
}

Map random_map(Eigen::Index in, Eigen::Index out, bool bias, Random& random) {
  Map map{random_matrix(in, out, random), {}};
  if (bias) map.bias = random_matrix(1, out, random);
  return map;
}

Norm<Matrices<double>> random_norm(NormKind kind, Eigen::Index of, bool weight, bool bias, Random& random) {
  Norm<Matrices<double>> norm{kind, {1, 3, "0.001"}, {}, {}};
  if (weight) norm.weight = random_matrix(1, of, random);
  if (bias) norm.bias = random_matrix(1, of, random);
  return norm;
}

// Two blocks, which differ in whatever they can; `kind` runs through the words of the vocabulary.
Weights<double> random_weights(unsigned kind, Random& random) {
  constexpr Activation activations[] = {Activation::relu, Activation::gelu, Activation::gelu_tanh, Activation::silu,
                                        Activation::tanh};
  constexpr Scores::Kind scores[] = {Scores::Kind::scaled, Scores::Kind::unscaled, Scores::Kind::uniform,
                                     Scores::Kind::factor};
  constexpr Pool::Kind pools[] = {Pool::Kind::last, Pool::Kind::sum, Pool::Kind::mean, Pool::Kind::position};
  Weights<double> w;
  w.positions = positions;
  for (std::uint64_t p = 0; p < (kind % 2 == 0 ? 1 : positions); ++p)
    w.tokens.push_back(random_map(vocabulary, width, kind % 3 == 0, random));
  if (kind % 5 != 4) w.position_table = {random_matrix(positions, width, random), kind % 5 == 3};
  for (unsigned b = 0; b < 2; ++b) {
    const unsigned which = kind + b;
    Block<Matrices<double>> block;
    block.post = which % 3 == 2;
    block.block_input = which % 6 == 1;
    const auto norm = [&]() -> std::optional<Norm<Matrices<double>>> {
      if (which % 4 == 3) return {};
      return random_norm(which % 2 ? NormKind::rms : NormKind::layer, width, which % 4 != 1, which % 4 != 2, random);
    };
    if (which % 7 != 6) {
      Attention<Matrices<double>> a;
      a.norm = norm();
      a.heads = heads;
      a.scores = {scores[which % 4], {7, 1, "0.7"}};
      if (a.scores.kind != Scores::Kind::uniform) {
        a.query = random_map(width, heads * head_width, which % 3 != 0, random);
        a.key = random_map(width, heads * head_width, which % 3 != 1, random);
      }
      a.value = random_map(width, heads * 2, which % 3 == 1, random);
      a.output = random_map(heads * 2, width, which % 3 == 2, random);
      a.causal = which % 2 == 0;
      block.attention = std::move(a);
    }
    if (which % 7 != 5)
      block.mlp = {norm(), random_map(width, mlp_width, which % 2 == 0, random), activations[which % 5],
                   random_map(mlp_width, width, which % 2 == 1, random)};
    w.blocks.push_back(std::move(block));
  }
  if (kind % 4 == 0) w.norm = random_norm(NormKind::layer, width, true, true, random);
  w.pool = {pools[kind % 4], 1};
  if (kind % 3 == 1) w.readout = {Part(random_map(width, mlp_width, true, random)), Part(activations[kind % 5])};
  if (kind % 3 == 2) w.readout = {Part(random_norm(NormKind::rms, width, true, false, random))};
  w.readout.emplace_back(random_map(kind % 3 == 1 ? mlp_width : width, classes, kind % 2 == 0, random));
  return w;
}

// The definitions of FORMAT, section 5, one row after another.

Row mapped(const Row& x, const Map& map) {
  const Row result = x * map.weight;
  return map.bias ? Row(result + *map.bias) : result;
}

double activated(double x, Activation activation) {
  switch (activation) {
  case Activation::relu:
    return std::max(0.0, x);
  case Activation::gelu:
    return x * std::erfc(-x / std::sqrt(2)) / 2;
  case Activation::gelu_tanh:
    return x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  case Activation::silu:
    return x / (1 + std::exp(-x));
  case Activation::tanh:
    return std::tanh(x);
  }
  return 0;
}

Row activated(const Row& x, Activation activation) {
  return x.unaryExpr([&](double entry) { return activated(entry, activation); });
}

Row normed(const Row& x, const std::optional<Norm<Matrices<double>>>& norm) {
  if (!norm) return x;
  const Row y = norm->kind == NormKind::layer ? Row(x.array() - x.mean()) : x;
  Row z = y / std::sqrt(y.squaredNorm() / static_cast<double>(y.size()) + norm->eps.nearest());
  if (norm->weight) z = z.cwiseProduct(*norm->weight);
  if (norm->bias) z += *norm->bias;
  return z;
}

Row attention(const Attention<Matrices<double>>& a, const std::vector<Row>& x, const std::vector<Row>& compared,
              std::size_t i) {
  const Eigen::Index v = a.value.weight.cols() / heads;
  Row result = Row::Zero(heads * v);
  for (Eigen::Index head = 0; head < heads; ++head) {
    double total = 0;
    Row mixed = Row::Zero(v);
    for (std::size_t j = 0; j < (a.causal ? i + 1 : x.size()); ++j) {
      double score = 0;
      if (a.query) {
        const double factor = a.scores.kind == Scores::Kind::scaled   ? 1 / std::sqrt(double(head_width))
                              : a.scores.kind == Scores::Kind::factor ? a.scores.factor.nearest()
                                                                      : 1;
        score = factor * mapped(compared[i], *a.query)
                             .segment(head * head_width, head_width)
                             .dot(mapped(compared[j], *a.key).segment(head * head_width, head_width));
      }
      total += std::exp(score);
      mixed += std::exp(score) * mapped(x[j], a.value).segment(head * v, v);
    }
    result.segment(head * v, v) = mixed / total;
  }
  return mapped(result, a.output);
}

Row logits_of(const Weights<double>& w, const Batch& batch, std::size_t input) {
  std::vector<Row> x;
  const auto shift = [&](std::size_t p, bool to_scores) -> Row {
    if (!w.position_table || w.position_table->to_scores != to_scores) return Row::Zero(width);
    return w.position_table->table.row(static_cast<Eigen::Index>(p));
  };
  for (std::size_t p = 0; p < positions; ++p) {
    const Map& map = w.tokens_at(p);
    Row row = map.weight.row(batch.token(input, p));
    if (map.bias) row += *map.bias;
    x.push_back(row + shift(p, false));
  }
  for (const auto& block : w.blocks) {
    std::vector<Row> read = x, compared, next = x;
    if (block.attention && !block.post)
      for (Row& row : read) row = normed(row, block.attention->norm);
    for (std::size_t p = 0; p < positions; ++p) compared.push_back(read[p] + shift(p, true));
    for (std::size_t p = 0; p < positions; ++p) {
      if (block.attention) next[p] = x[p] + attention(*block.attention, read, compared, p);
      if (block.attention && block.post) next[p] = normed(next[p], block.attention->norm);
      if (!block.mlp) continue;
      const Row in = block.block_input ? x[p] : next[p];
      const Row of = block.post ? in : normed(in, block.mlp->norm);
      next[p] += mapped(activated(mapped(of, block.mlp->in), block.mlp->activation), block.mlp->out);
      if (block.post) next[p] = normed(next[p], block.mlp->norm);
    }
    x = next;
  }
  Row pooled = Row::Zero(width);
  for (const std::uint64_t p : pooled_positions(w)) pooled += normed(x[p], w.norm);
  if (w.pool.kind == Pool::Kind::mean) pooled /= double(positions);
  for (const auto& part : w.readout)
    if (const auto* map = std::get_if<Map>(&part))
      pooled = mapped(pooled, *map);
    else if (const auto* norm = std::get_if<Norm<Matrices<double>>>(&part))
      pooled = normed(pooled, *norm);
    else
      pooled = activated(pooled, std::get<Activation>(part));
  return pooled;
}

double mean_loss(const Weights<double>& w, const Batch& batch) {
  double sum = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Row logits = logits_of(w, batch, i);
    sum += std::log(logits.array().exp().sum()) - logits(batch.labels[i]);
  }
  return sum / static_cast<double>(batch.size());
}

Batch random_batch(std::size_t size, Random& random) {
  Batch batch{positions, {}, {}};
  for (std::size_t i = 0; i < size; ++i) {
    for (std::uint64_t p = 0; p < positions; ++p) batch.tokens.push_back(static_cast<Token>(random.below(vocabulary)));
    batch.labels.push_back(static_cast<Token>(random.below(classes)));
  }
  return batch;
}

} // namespace

TEST_CASE("loss and gradient of described networks agree with the definition and its finite differences") {
  for (unsigned kind = 0; kind < 30; ++kind) {
    CAPTURE(kind);
    Random random(kind + 1);
    Weights<double> weights = random_weights(kind, random), gradient = weights;
    const Batch batch = random_batch(15, random);
    CHECK(loss_and_gradient(weights, batch, gradient, 1) == doctest::Approx(mean_loss(weights, batch)).epsilon(1e-12));
    const auto values = arrays(weights), slopes = arrays(gradient);
    for (std::size_t i = 0; i < values.size(); ++i)
      for (std::size_t k = 0; k < values[i].size(); ++k) {
        constexpr double step = 1e-6;
        double& weight = values[i][k];
        const double before = weight;
        weight = before + step;
        const double above = mean_loss(weights, batch);
        weight = before - step;
        const double below = mean_loss(weights, batch);
        weight = before;
        CAPTURE(i);
        CHECK(slopes[i][k] == doctest::Approx((above - below) / (2 * step)).epsilon(1e-5).scale(1e-2));
      }
  }
}

// 10 000 inputs are twenty slices, more than are worked on at once.
TEST_CASE("slices of described networks add up to the whole, for any number of threads") {
  Random random(4);
  const Weights<double> weights = random_weights(8, random);
  Weights<double> gradient = weights, same = weights;
  const Batch batch = random_batch(10'000, random);
  CHECK(loss_and_gradient(weights, batch, gradient, 1) == doctest::Approx(mean_loss(weights, batch)).epsilon(1e-12));
  CHECK(loss_and_gradient(weights, batch, same, 1) == loss_and_gradient(weights, batch, gradient, 3));
  const auto one = arrays(gradient), other = arrays(same);
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(std::equal(one[i].begin(), one[i].end(), other[i].begin()));
}
