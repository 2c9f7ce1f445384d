// The rules of attention-only on a model, by an engine: with what witnesses, on which labels, and what is found.
#pragma once

#include "models.hpp"

#include "kernel/engine.hpp"
#include "rules/attention/problem.hpp"

#include <string>

namespace attention_runs {

using namespace verifier::rules::attention;
using verifier::rules::Result;

struct Case {
  std::string name;
  Rule rule;
  bool from_above = false;                // bounds the loss
  bool from_below = false, exact = false; // from below too; by an equality
};
inline const std::vector<Case> cases = {
    {"near-far@1", near_far},
    {"band@1", band},
    {"cubic@1", cubic},
    {"subcubic@1", subcubic},
    {"soft-near-far@1", soft_near_far, true},
    {"placements@1", placements, true, true},
    {"enumeration@1", enumeration, true, true, true},
};
inline const Case& case_of(const std::string& name) {
  return *std::ranges::find(cases, name, &Case::name);
}

// Random witnesses within their ranges, of all rules.
inline Witnesses draw_witnesses(std::size_t V, std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t end) { return static_cast<Token>(random() % end); };
  Witnesses w;
  const std::size_t heads = V > 2 ? below(V - 1) : 0;
  for (std::size_t m = 0; m < V; ++m) {
    w.near.push_back(below(m + 1));
    w.joint.push_back(below(2) == 1);
    w.filled.push_back(below(n));
    Tokens outputs;
    for (std::size_t k = 0; k < V; ++k)
      if (k != m) outputs.push_back(static_cast<Token>(k));
    std::ranges::shuffle(outputs, random);
    outputs.resize(heads);
    w.heads.push_back(outputs);
    for (std::size_t q = 0; q < V; ++q)
      for (std::size_t s = 0; s < n; ++s) {
        const bool open = q == m ? s >= 1 : q < m && s + 2 <= n;
        w.gaps.push_back(open ? below((q == m ? m : m - q) + 1) : 0);
      }
  }
  return w;
}

// A model and witnesses, prepared by an engine; its tables are charged apart.
class Prepared {
public:
  Prepared(const attention::Model& model, const Witnesses& witnesses, const Engine& engine, bool correct = true)
      : engine(engine), kernel_{engine, meter_}, problem(make(model, witnesses)) {
    problem.correct = correct;
  }
  Prepared(const Prepared&) = delete;

private:
  Weights weights(const attention::Matrix& exact) {
    std::vector<double> values;
    for (const auto& row : exact)
      for (const mpq_class& x : row) values.push_back(x.get_d()); // exact: few bits
    return {kernel_, {exact.size(), exact.front().size()}, values};
  }
  Problem make(const attention::Model& m, const Witnesses& witnesses) {
    return prepare(
        kernel_,
        {weights(m.E), weights(m.P), weights(m.W_Q), weights(m.W_K), weights(m.W_V), weights(m.W_O), weights(m.U)},
        witnesses);
  }

public:
  const Engine& engine;

private:
  Budget budget_{UINT64_MAX};
  Meter meter_{budget_};
  Kernel kernel_;

public:
  const Performed& of_tables() const { return meter_.performed(); }
  Problem problem;
};

struct Closed {
  Result result;
  Performed performed;
};
inline Closed close(const Prepared& prepared, Rule rule, Token m, std::uint64_t operations = UINT64_MAX) {
  Budget budget(operations);
  Meter meter(budget);
  Kernel k{prepared.engine, meter};
  Result result = establish(rule, k, prepared.problem, m);
  return {std::move(result), meter.performed()};
}
inline std::vector<Closed> close_all(const Prepared& prepared, Rule rule) {
  std::vector<Closed> labels;
  for (Token m = 0; m < prepared.problem.V; ++m) labels.push_back(close(prepared, rule, m));
  return labels;
}
inline std::uint64_t length(const Performed& performed) {
  std::uint64_t sum = 0;
  for (const std::uint64_t x : performed) sum += x;
  return sum;
}

inline mpq_class nats(const Integer& steps) {
  mpq_class x(steps, Integer(1) << step_bits);
  x.canonicalize();
  return x;
}

} // namespace attention_runs
