// Small transformers of the family attention-only, as certificates, and the truth about them: every input by the model's
// definition, exact rational numbers as far as they go and 400 bits from the square root on. No table, no rule.
#pragma once

#include "certificate.hpp"
#include "truth.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <optional>
#include <random>
#include <string>

namespace attention {

using truth::Big;
using verifier::Certificate;
using verifier::DType;
using verifier::Tensor;

using Matrix = std::vector<std::vector<mpq_class>>;

inline Matrix operator*(const Matrix& x, const Matrix& y) {
  Matrix product(x.size(), std::vector<mpq_class>(y.front().size()));
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t k = 0; k < y.size(); ++k)
      for (std::size_t j = 0; j < y.front().size(); ++j) product[i][j] += x[i][k] * y[k][j];
  return product;
}

inline Matrix transposed(const Matrix& x) {
  Matrix result(x.front().size(), std::vector<mpq_class>(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < x.front().size(); ++j) result[j][i] = x[i][j];
  return result;
}

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

inline Tensor tensor(const std::string& name, const std::vector<std::uint64_t>& shape, const Matrix& values) {
  Tensor result{name, DType::float64, shape, {}};
  for (const auto& row : values)
    for (const mpq_class& x : row) {
      const auto bits = std::bit_cast<std::uint64_t>(x.get_d()); // exact: few bits
      for (int b = 0; b < 8; ++b) result.bytes.push_back(static_cast<std::uint8_t>(bits >> (8 * b)));
    }
  return result;
}

inline Tensor witness(const std::string& name, DType type, const std::vector<std::uint64_t>& shape,
                      const std::vector<std::uint16_t>& values) {
  Tensor result{name, type, shape, {}};
  for (const std::uint16_t x : values) {
    result.bytes.push_back(static_cast<std::uint8_t>(x));
    if (type == DType::uint16) result.bytes.push_back(static_cast<std::uint8_t>(x >> 8));
  }
  return result;
}

// One step for each label, all by one rule; nothing is declared.
inline Certificate certificate(const Model& m, const std::string& rule, std::vector<Tensor> witnesses = {}) {
  Certificate result;
  result.task = {m.n, m.V};
  result.family = "attention-only";
  result.tensors = {tensor("blocks.0.attn.W_K", {1, m.d, m.h}, m.W_K),
                    tensor("blocks.0.attn.W_O", {1, m.h, m.d}, m.W_O),
                    tensor("blocks.0.attn.W_Q", {1, m.d, m.h}, m.W_Q),
                    tensor("blocks.0.attn.W_V", {1, m.d, m.h}, m.W_V),
                    tensor("embed.W_E", {m.V, m.d}, m.E),
                    tensor("pos_embed.W_pos", {m.n, m.d}, m.P),
                    tensor("unembed.W_U", {m.d, m.V}, m.U)};
  result.witnesses = std::move(witnesses);
  for (std::uint64_t y = 0; y < m.V; ++y) {
    verifier::Step step;
    step.id = y;
    step.rule = rule;
    step.from = y;
    step.to = y + 1;
    step.correct = 0;
    result.steps.push_back(step);
  }
  return result;
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
    std::vector<Big> logits(m.V);
    for (std::size_t p = 0; p < m.n; ++p) {
      const Big weight = exp(Big(tokens[q][x[p]] + positions[q][p]) / root_of_h);
      mass += weight;
      for (std::size_t w = 0; w < m.V; ++w) logits[w] += weight * Big(OV[x[p]][w] + PO[p][w]);
    }
    for (std::size_t w = 0; w < m.V; ++w) logits[w] = logits[w] / mass + Big(EU[q][w]);
    Big sum(1);
    bool correct = true;
    for (std::size_t w = 0; w < m.V; ++w) {
      if (w == y) continue;
      const Big margin = logits[w] - logits[y], won = logits[y] - logits[w];
      if (!labels[y].margin || won < *labels[y].margin) labels[y].margin = won;
      correct = correct && margin + tiny < Big(0);
      sum += exp(margin);
    }
    labels[y].loss += log(sum);
    labels[y].inputs += 1;
    labels[y].correct += correct;
  } while (truth::next_input(x, m.V));
  return labels;
}

} // namespace attention
