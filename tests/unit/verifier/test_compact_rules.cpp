// head-tail@1 and block-jensen@1 with random witnesses, both engines: against the theorem evaluated by its definition
// over all inputs, against the truth, and the operation counts against the closed formulas of docs/rules/.
#include "meter.hpp"
#include "reason.hpp"
#include "token_sum/block_tables.hpp"
#include "token_sum/head_tail_tables.hpp"
#include "token_sum/rules/rules.hpp"
#include "truth.hpp"
#include "witness_draws.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace verifier;
using namespace verifier::token_sum;
using namespace draws;

namespace {

using Number = long double;
using Table = std::vector<std::vector<Number>>;

Number number(const Dyadic& x) {
  return std::ldexp(static_cast<Number>(x.mantissa), x.exponent);
}

// A by definition, and D.
struct ExponentialsAndDeficits {
  Table a, deficit;
};
ExponentialsAndDeficits model(const Weights& weights) {
  const auto m = truth::logit_table(weights);
  ExponentialsAndDeficits result;
  for (const auto& row : m) {
    const mpq_class shift = *std::max_element(row.begin(), row.end());
    auto& a = result.a.emplace_back();
    auto& deficit = result.deficit.emplace_back();
    for (const mpq_class& entry : row) {
      deficit.push_back(mpq_class(shift - entry).get_d());
      a.push_back(std::exp(-deficit.back()));
    }
  }
  return result;
}

struct Bounds {
  Number lower = 0, upper = 0;
  Number total = 0; // v_y T_y, which cancels against the sums of m z
  std::uint64_t shown_correct = 0;
};

// The theorem of docs/rules/head-tail.md, input by input, every ordering on its own.
std::vector<Bounds> head_tail_by_definition(const ExponentialsAndDeficits& m, const HeadTailWitness& witness,
                                            std::uint64_t n) {
  const std::uint64_t V = witness.vocabulary;
  std::vector<Bounds> labels(V);
  const auto weight = [&](std::size_t k) { return witness.weights.empty() ? 1 : number(witness.weights[k]); };
  std::vector<Token> t(n, 0);
  do {
    std::vector<Token> sorted = t;
    std::sort(sorted.begin(), sorted.end());
    const Token y = sorted.back();
    const std::size_t level = witness.level(index_of(t));
    const std::uint64_t size = witness.sizes[level];
    const auto in_head = [&](Token a, std::size_t k) {
      if (size == V) return true;
      const auto head = witness.head(a, level);
      return std::find(head.begin(), head.end(), k) != head.end();
    };
    Number z = 0, low = 0, label = 1, deficits = 0,
           multiplier = witness.has_multipliers() ? number(witness.label_factors[y]) : 0;
    bool correct = true;
    for (const Token a : t) {
      deficits += m.deficit[a][y];
      label *= m.a[a][y];
      if (witness.has_multipliers()) multiplier *= number(witness.token_factors[a]);
    }
    for (std::size_t k = 0; k < V; ++k) {
      Number product = 1, others = 0;
      bool in_union = false;
      for (const Token a : t) {
        product *= m.a[a][k];
        others += m.deficit[a][k];
        in_union = in_union || in_head(a, k);
      }
      z += product;
      if (in_union) low += product;
      if (k != y && others <= deficits) correct = false;
    }
    Number tail = 0;
    for (std::uint64_t group = 0; group < witness.group_count; ++group) {
      std::vector<Number> sums(n == 2 ? 2 : n - 1);
      for (std::size_t k = 0; k < V; ++k) {
        if (witness.group(k) != group) continue;
        for (std::size_t i = 0; i < sums.size(); ++i) {
          if (in_head(sorted[i], k) || (n > 2 && in_head(y, k))) continue;
          const Number entry = m.a[sorted[i]][k], w = n > 3 ? 1 : i == 0 ? weight(k) : 1 / weight(k);
          sums[i] += n == 2 ? entry * entry * w : m.a[y][k] * std::pow(entry, static_cast<Number>(n - 1)) * w;
        }
      }
      Number product = 1;
      for (const Number sum : sums) product *= std::pow(sum, 1 / static_cast<Number>(sums.size()));
      tail += product;
    }
    const Number high = size == V ? low : low + tail;
    CHECK(low <= z * (1 + 1e-15L));
    CHECK(z <= high * (1 + 1e-15L));
    const Number best = multiplier * low >= 1 ? low : multiplier * high <= 1 ? high : 1 / multiplier;
    labels[y].upper += std::log(best) - multiplier * best + multiplier * z + deficits;
    labels[y].total += multiplier * z;
    labels[y].lower += std::log(low) + deficits;
    labels[y].shown_correct += size == V ? correct : high < 2 * label * (1 - 1e-12L);
  } while (truth::next_input(t, V));
  return labels;
}

// docs/rules/head-tail.md, operations of a step.
Operations head_tail_formula(const HeadTailWitness& witness, std::uint64_t n, std::uint64_t y, bool correct) {
  const std::uint64_t V = witness.vocabulary, G = witness.group_count, s = witness.weights.empty() ? 1 : 2;
  const std::uint64_t T = choose(y + n - 1, n - 1), R = choose(y + n - 2, n - 2), K = choose(y + n - 1, n - 2);
  std::uint64_t X = 0;
  for (std::uint64_t r = 1; r + 2 <= n; ++r) X += choose(y + r, r);
  std::vector<std::uint64_t> N(witness.sizes.size());
  for (std::uint64_t i = choose(y + n - 1, n); i < choose(y + n, n); ++i) ++N[witness.level(i)];
  Operations o;
  if (n >= 3) {
    o.add += s * V * (y + 1);
    o.mul += s * V * (y + 1);
    o.sqrt += s * witness.inexact_levels() * G * (y + 1);
  }
  o.mul += 2 * V * X + 2 * T + 2 * K + 2 * R + 2;
  o.add += 2 * R + y + 5;
  o.log += 2 * R;
  if (correct) {
    o.add += V * X;
    o.mul += R;
  }
  for (std::size_t l = 0; l < N.size(); ++l) {
    const bool exact = witness.is_exact(l);
    const std::uint64_t h = witness.sizes[l];
    o.add += N[l] * (exact ? 2 * (V - 1) : 2 * n * h + G);
    o.mul += N[l] * (exact ? 2 * V : 2 * n * h + G * std::max<std::uint64_t>(1, n - 2));
    if (witness.has_multipliers()) {
      o.add += N[l];
      o.mul += N[l] * (exact ? 2 : 4);
      if (!exact) o.compare += 2 * N[l];
    }
    if (correct) {
      o.add += exact ? V * N[l] : 0;
      o.mul += exact ? 0 : N[l];
      o.compare += N[l] * (exact ? V - 1 : 1);
    }
  }
  if (witness.has_multipliers()) {
    o.add += 2 * R + 1;
    o.mul += n * R + 1;
    o.div += R;
  }
  return o;
}

} // namespace

TEST_CASE("head-tail: any witness gives the theorem's bounds, which enclose the truth, at the counted cost") {
  unsigned seed = 100;
  for (const std::uint64_t n : {2, 3, 4, 5})
    for (std::uint64_t V = 1; V <= (n == 5 ? 3u : n == 4 ? 4u : n == 3 ? 6u : 9u); ++V)
      for (int repeat = 0; repeat < 12; ++repeat) {
        Draw draw(++seed);
        const Weights weights = truth::random_weights(V, 2, 24, -25, -22, seed);
        const HeadTailWitness witness = random_witness(V, n, draw);
        const auto by_definition = head_tail_by_definition(model(weights), witness, n);
        const auto labels = truth::by_label(weights, n);
        const Task task{n, V};
        for (const auto& engine : {make_exact_tables(weights, n, 2), make_reference_tables(weights, n, 2)}) {
          const HeadTailTables tables = make_head_tail_tables(*engine, task, witness, 2);
          const auto rows = engine->rows();
          for (Token y = 0; y < V; ++y) {
            Budget budget{.declared = UINT64_MAX};
            Meter meter(budget);
            const bool correct = repeat % 3 != 0;
            const Established found = head_tail({*engine, nullptr, &tables, nullptr, task, correct}, *rows, y, meter);
            const mpq_class lower = exact(found.lower.lo), upper = exact(found.upper.hi);
            CHECK(lower <= labels[y].loss);
            CHECK(labels[y].loss <= upper);
            const double inputs = mpz_class(power(y + 1, n) - power(y, n)).get_d();
            CHECK(std::abs(lower.get_d() - static_cast<double>(by_definition[y].lower)) <= 1e-11 * inputs);
            const double terms = inputs + static_cast<double>(by_definition[y].total);
            CHECK(std::abs(upper.get_d() - static_cast<double>(by_definition[y].upper)) <= 1e-11 * terms);
            // The inner ends lie on the other side of the rule's exact bounds.
            CHECK(exact(found.lower.hi) >= mpq_class(static_cast<double>(by_definition[y].lower) - 1e-14 * inputs));
            CHECK(exact(found.upper.lo) <= mpq_class(static_cast<double>(by_definition[y].upper) + 1e-14 * terms));
            if (correct) {
              CHECK(found.correct <= labels[y].correct);
              CHECK(found.correct >= by_definition[y].shown_correct);
              CHECK(found.correct <= by_definition[y].shown_correct + found.undecided);
            }
            CHECK(meter.operations == head_tail_formula(witness, n, y, correct));
          }
        }
      }
}

TEST_CASE("head-tail: extreme multipliers and weights loosen, and never break") {
  for (const int exponent : {-1000, -60, 60, 900}) {
    Draw draw(static_cast<unsigned>(exponent + 5000));
    const Weights weights = truth::random_weights(5, 2, 24, -25, -22, 77);
    for (const std::uint64_t n : {2, 3}) {
      HeadTailWitness witness = random_witness(5, n, draw);
      witness.weights.clear();
      witness.token_factors.clear();
      witness.label_factors.clear();
      for (int a = 0; a < 5; ++a) {
        witness.weights.push_back({1, a % 2 == 0 ? exponent : -exponent});
        witness.token_factors.push_back({1, exponent});
        witness.label_factors.push_back({1, a % 2 == 0 ? -exponent : exponent});
      }
      const auto labels = truth::by_label(weights, n);
      for (const auto& engine : {make_exact_tables(weights, n, 1), make_reference_tables(weights, n, 1)}) {
        const Task task{n, 5};
        const HeadTailTables tables = make_head_tail_tables(*engine, task, witness, 1);
        const auto rows = engine->rows();
        for (Token y = 0; y < 5; ++y) {
          Budget budget{.declared = UINT64_MAX};
          Meter meter(budget);
          const Established found = head_tail({*engine, nullptr, &tables, nullptr, task, true}, *rows, y, meter);
          CHECK(exact(found.lower.lo) <= labels[y].loss);
          CHECK(labels[y].loss <= exact(found.upper.hi));
          CHECK(found.correct <= labels[y].correct);
        }
      }
    }
  }
}

TEST_CASE("head-tail: the budget stops it before the norms and before a row") {
  const Weights weights = truth::random_weights(8, 2, 24, -25, -22, 5);
  Draw draw(3);
  const auto engine = make_exact_tables(weights, 3, 1);
  const Task task{3, 8};
  const HeadTailTables tables = make_head_tail_tables(*engine, task, random_witness(8, 3, draw), 1);
  Budget budget{.declared = 60};
  Meter meter(budget);
  CHECK_THROWS_AS(head_tail({*engine, nullptr, &tables, nullptr, task, true}, *engine->rows(), 7, meter),
                  BudgetExceeded);
  // No more than the norms was charged for: one side, eight tokens and outputs.
  CHECK(meter.operations.total() ==
        tables.sides * 8 * (8 + 8 + tables.witness.inexact_levels() * tables.witness.group_count));
}

TEST_CASE("block-jensen: any blocks and multipliers give the theorem's bound, which the truth does not exceed") {
  unsigned seed = 500;
  for (std::uint64_t V = 1; V <= 9; ++V)
    for (int repeat = 0; repeat < 10; ++repeat) {
      Draw draw(++seed);
      const Weights weights = truth::random_weights(V, 2, 24, -25, -22, seed);
      const auto m = model(weights);
      BlockWitness witness;
      witness.starts.push_back(0);
      for (std::uint64_t a = 1; a < V; ++a)
        if (draw.below(2) == 0) witness.starts.push_back(a);
      witness.starts.push_back(V);
      if (repeat % 2 == 0)
        for (std::uint64_t a = 0; a < V; ++a) witness.factors.push_back(draw.factor(false));
      const auto u = [&](std::uint64_t a) { return witness.factors.empty() ? 1 : number(witness.factors[a]); };
      const auto labels = truth::by_label(weights, 2);
      for (const auto& engine : {make_exact_tables(weights, 2, 2), make_reference_tables(weights, 2, 2)}) {
        const BlockTables tables = make_block_tables(*engine, {2, V}, witness, 2);
        for (std::size_t j = 0; j + 1 < witness.starts.size(); ++j) {
          const std::uint64_t p = witness.starts[j], q = witness.starts[j + 1];
          Number bound = 0, total = 0, deficits = 0;
          std::uint64_t cost_of_labels = 0;
          mpq_class loss = 0;
          std::uint64_t correct = 0;
          for (std::size_t i = 0; i <= j; ++i) {
            Number z = 0, logs = 0;
            const Number pairs = static_cast<Number>((witness.starts[i + 1] - witness.starts[i]) * (q - p));
            for (std::uint64_t a = witness.starts[i]; a < witness.starts[i + 1]; ++a)
              for (std::uint64_t b = p; b < q; ++b) {
                logs += std::log(u(a) * u(b));
                for (std::uint64_t k = 0; k < V; ++k) z += u(a) * u(b) * m.a[a][k] * m.a[b][k];
                deficits += (i < j ? 2 : 1) * (m.deficit[a][std::max(a, b)] + m.deficit[b][std::max(a, b)]);
              }
            total = pairs * std::log(z / pairs) - logs;
            bound += i < j ? 2 * total : total;
          }
          for (std::uint64_t y = p; y < q; ++y) {
            loss += labels[y].loss;
            correct += labels[y].correct;
            cost_of_labels += y + 2;
          }
          bound += deficits;
          Budget budget{.declared = UINT64_MAX};
          Meter meter(budget);
          const Established found = block_jensen({*engine, nullptr, nullptr, &tables, {2, V}, true}, {p, q}, meter);
          CHECK(loss <= exact(found.upper.hi));
          CHECK(exact(found.lower.hi) == 0);
          const double inputs = static_cast<double>(q * q - p * p);
          CHECK(std::abs(exact(found.upper.hi).get_d() - static_cast<double>(bound)) <= 1e-11 * inputs);
          CHECK(exact(found.upper.lo).get_d() <= static_cast<double>(bound));
          CHECK(found.correct <= correct);
          Operations o;
          o.add = (j + 1) * (V - 1) + (j + 1) + 2 + cost_of_labels + 1 + 1;
          o.mul = (j + 1) * V + (j + 1) + 2 + 2 * (q - p);
          o.div = j + 1 + 1;
          o.log = j + 1;
          o.compare = 1;
          CHECK(meter.operations == o);
        }
      }
    }
}
