// Small transformers with one attention head, and the truth about them: every input by the model's definition, exact rational
// numbers as far as they go and 400 bits from the square root on. No table, no rule.
#pragma once

#include "../truth.hpp"

#include <optional>
#include <random>

namespace attention {

using truth::Big;
using truth::Matrix;
using truth::operator*;
using truth::transposed;

struct Model {
  std::size_t V, n, d, h;
  Matrix E, P, W_Q, W_K, W_V, W_O, U;

  // Of exact numbers; scores before they are divided by sqrt(h).
  Matrix queries() const {
    Matrix x = E;
    for (auto& row : x)
      for (std::size_t i = 0; i < d; ++i) row[i] += P[n - 1][i];
    return x;
  }
  Matrix EU() const { return queries() * U; }
  Matrix OV() const { return E * W_V * W_O * U; }
  Matrix PO() const { return P * W_V * W_O * U; }
  Matrix token_scores() const { return queries() * W_Q * transposed(E * W_K); }
  Matrix position_scores() const { return queries() * W_Q * transposed(P * W_K); }
};

enum class Kind { trained, random, wild, ties };

// Weights are multiples of 1/64. `trained`: tokens attend to the largest one and copy it, with noise.
inline Model draw(Kind kind, std::size_t V, std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](long end) { return static_cast<long>(random() % static_cast<unsigned long>(end)); };
  const std::size_t d = kind == Kind::trained ? V : 1 + random() % 3, h = kind == Kind::trained ? V : 1 + random() % 4;
  const long size = kind == Kind::trained ? 6 : kind == Kind::random ? 64 : kind == Kind::wild ? 400 : 2;
  const auto matrix = [&](std::size_t rows, std::size_t columns) {
    Matrix x(rows, std::vector<mpq_class>(columns));
    for (auto& row : x)
      for (auto& entry : row)
        entry = mpq_class(below(2 * size + 1) - size, kind == Kind::ties ? 1 : 64), entry.canonicalize();
    return x;
  };
  Model model{V,           n, d, h, matrix(V, d), matrix(n, d), matrix(d, h), matrix(d, h), matrix(d, h), matrix(h, d),
              matrix(d, V)};
  if (kind == Kind::trained)
    for (std::size_t i = 0; i < V; ++i) {
      model.E[i][i] += 1;
      model.W_V[i][i] += 1;
      model.W_O[i][i] += 1;
      model.U[i][i] += 2 + below(3);
      model.W_Q[i][0] += 2;
      model.W_K[i][0] += mpz_class(static_cast<long>(i)) * (1 + below(3));
    }
  if (kind == Kind::ties && V > 1)
    for (auto& row : model.U) row[V - 1] = row[0]; // outputs 0 and V-1 always tie
  return model;
}

// A model with these tables EU and OV [4 x 4], scores A [4 x 4], and positions that weigh the same and add nothing.
inline Model with_tables(std::size_t n, const Matrix& EU, const Matrix& OV, const Matrix& A) {
  const std::size_t V = 4, d = 2 * V, h = V; // a vector: the token, and what attention adds; sqrt(h) = 2
  const auto zero = [](std::size_t rows, std::size_t columns) { return Matrix(rows, std::vector<mpq_class>(columns)); };
  Model model{V, n, d, h, zero(V, d), zero(n, d), zero(d, h), zero(d, h), zero(d, h), zero(h, d), zero(d, V)};
  for (std::size_t t = 0; t < V; ++t) {
    model.E[t][t] = model.W_K[t][t] = model.W_V[t][t] = model.W_O[t][V + t] = 1;
    for (std::size_t k = 0; k < V; ++k) {
      model.W_Q[t][k] = 2 * A[t][k];
      model.U[t][k] = EU[t][k];
      model.U[V + t][k] = OV[t][k];
    }
  }
  return model;
}

// The same function, with scores of all positions so large that ends that are mixed up show.
inline Model with_wide_weights(Model model) {
  constexpr int large = 700;
  for (Matrix* matrix : {&model.W_Q, &model.W_K}) {
    for (auto& row : *matrix) row.emplace_back(0);
    matrix->emplace_back(model.h + 1).back() = large;
  }
  model.W_V.emplace_back(model.h);
  for (auto& row : model.W_V) row.emplace_back(0);
  model.W_O.emplace_back(model.d);
  for (auto& row : model.W_O) row.emplace_back(0);
  model.U.emplace_back(model.V);
  for (auto& row : model.E) row.emplace_back(0);
  for (auto& row : model.P) row.emplace_back(1);
  ++model.d;
  ++model.h;
  return model;
}

struct LabelTruth {
  Big loss;
  std::uint64_t inputs = 0, correct = 0;
  std::optional<Big> margin; // least, of the label's logit less another; of one output there is none
};

// By label. Logits are sums over the positions with weights exp(score); an input whose cleared margin is below 10^-60 of its
// mass in absolute value ties.
inline std::vector<LabelTruth> by_label(const Model& m) {
  const Matrix EU = m.EU(), OV = m.OV(), PO = m.PO(), tokens = m.token_scores(), positions = m.position_scores();
  const Big root_of_h = root(Big(mpq_class(static_cast<unsigned long>(m.h))), 2);
  Big tiny(1);
  for (int i = 0; i < 60; ++i) tiny /= Big(10);
  std::vector<LabelTruth> labels(m.V);
  std::vector<std::size_t> x(m.n, 0);
  do {
    const std::size_t y = *std::ranges::max_element(x), q = x.back();
    Big mass;
    std::vector<Big> logits(m.V), margins;
    for (std::size_t p = 0; p < m.n; ++p) {
      const Big weight = exp(Big(tokens[q][x[p]] + positions[q][p]) / root_of_h);
      mass += weight;
      for (std::size_t w = 0; w < m.V; ++w) logits[w] += weight * Big(OV[x[p]][w] + PO[p][w]);
    }
    for (std::size_t w = 0; w < m.V; ++w) logits[w] = logits[w] / mass + Big(EU[q][w]);
    bool correct = true;
    for (std::size_t w = 0; w < m.V; ++w) {
      if (w == y) continue;
      const Big margin = logits[w] - logits[y], won = logits[y] - logits[w];
      if (!labels[y].margin || won < *labels[y].margin) labels[y].margin = won;
      correct = correct && margin + tiny < Big(0);
      margins.push_back(margin);
    }
    labels[y].loss += truth::loss(margins);
    labels[y].inputs += 1;
    labels[y].correct += correct;
  } while (truth::next_input(x, m.V));
  return labels;
}

} // namespace attention
