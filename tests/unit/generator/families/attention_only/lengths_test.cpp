// Attention-only: the dry run says exactly what the rules perform.
#include "families/families.hpp"
#include "lengths/performed.hpp"

#include "rules/attention/problem.hpp"

#include <algorithm>

using namespace lengths_tests;
using proofmark::Hints;
using proofmark::Lengths;
using proofmark::Shape;
namespace rules = verifier::rules::attention;

namespace {

struct Rule {
  std::string_view name;
  rules::Rule close;
};
constexpr std::array all_rules = {Rule{"band@1", rules::band},
                                  Rule{"cubic@1", rules::cubic},
                                  Rule{"enumeration@1", rules::enumeration},
                                  Rule{"near-far@1", rules::near_far},
                                  Rule{"placements@1", rules::placements},
                                  Rule{"soft-near-far@1", rules::soft_near_far},
                                  Rule{"subcubic@1", rules::subcubic}};

// Random witnesses within their ranges.
Hints draw_hints(Draw& draw, const proofmark::Task& task, std::uint64_t most_near, std::uint64_t most_heads) {
  const std::uint64_t V = task.vocabulary, n = task.context;
  Hints hints;
  hints.heads = V > 2 ? draw.below(std::min(V - 2, most_heads) + 1) : 0;
  for (std::uint64_t m = 0; m < V; ++m) {
    hints.near.push_back(static_cast<std::uint16_t>(draw.below(std::min(m, most_near) + 1)));
    hints.joint.push_back(draw.coin());
    hints.filled.push_back(static_cast<std::uint8_t>(draw.below(std::min<std::uint64_t>(n, 3))));
    for (std::uint64_t q = 0; q < V; ++q)
      for (std::uint64_t s = 0; s < n; ++s) {
        const std::uint64_t most = q < m && s + 1 < n ? m - q : q == m && s > 0 ? m : 0;
        hints.gaps.push_back(static_cast<std::uint16_t>(draw.below(most + 1)));
      }
  }
  return hints;
}

rules::Problem prepared(kernel::Kernel& k, const Shape& shape, const Hints& hints, Draw& draw) {
  const std::size_t V = shape.task.vocabulary, n = shape.task.context, d = shape.width, h = shape.head_width;
  const auto weights = [&](std::size_t rows, std::size_t columns) {
    return kernel::Weights(k, {rows, columns}, draw.numbers(rows * columns));
  };
  const kernel::Weights E = weights(V, d), P = weights(n, d), Q = weights(d, h), K = weights(d, h),
                        value = weights(d, h), O = weights(h, d), U = weights(d, V);
  rules::Witnesses w{{hints.near.begin(), hints.near.end()},
                     {},
                     {},
                     {hints.filled.begin(), hints.filled.end()},
                     {hints.gaps.begin(), hints.gaps.end()}};
  for (std::size_t m = 0; m < V; ++m) {
    rules::Tokens heads;
    while (heads.size() < hints.heads)
      if (const auto output = static_cast<rules::Token>(draw.below(V));
          output != m && std::ranges::find(heads, output) == heads.end())
        heads.push_back(output);
    w.heads.push_back(heads);
    w.joint.push_back(hints.joint[m] != 0);
  }
  return rules::prepare(k, {E, P, Q, K, value, O, U}, std::move(w));
}

void check_label(const kernel::Engine& engine, const rules::Problem& problem, const Lengths& lengths, const Rule& rule,
                 std::uint64_t m) {
  CAPTURE(rule.name);
  CAPTURE(m);
  Meter step(engine);
  rules::establish(rule.close, step.k, problem, static_cast<rules::Token>(m));
  check_equal(lengths.step(rule.name, {m, m + 1}, problem.correct), step.performed());
}

} // namespace

TEST_CASE("attention-only: lengths are what tables and steps perform, on both engines") {
  for (std::uint64_t n = 1; n <= 4; ++n)
    for (std::uint64_t V = 1; V <= 9; ++V)
      for (unsigned round = 0; round < 3; ++round) {
        CAPTURE(n);
        CAPTURE(V);
        CAPTURE(round);
        Draw draw(static_cast<unsigned>(1000 * n + 10 * V) + round);
        const Shape shape{&proofmark::attention_only_family, {n, V}, draw.between(1, 5), draw.between(1, 3), 0};
        const Hints hints = draw_hints(draw, shape.task, V, V);
        const Lengths lengths(shape, hints);
        for (const auto& engine : engines) {
          if (engine == kernel::reference && round > 0) continue;
          Meter tables(engine());
          rules::Problem problem = prepared(tables.k, shape, hints, draw);
          check_equal(lengths.tables({}), tables.performed());
          problem.correct = draw.coin();
          for (const Rule& rule : all_rules)
            for (std::uint64_t m = 0; m < V; ++m) check_label(engine(), problem, lengths, rule, m);
        }
      }
}

TEST_CASE("attention-only: lengths of larger models, whose queries come in many batches") {
  struct Size {
    std::uint64_t n, V, near, heads;
    std::vector<std::string_view> rules;
  };
  const std::vector<std::string_view> near_and_far = {"band@1", "near-far@1", "soft-near-far@1"};
  for (const Size& size : {Size{3, 200, 200, 150, near_and_far}, Size{2, 200, 0, 0, {"cubic@1", "subcubic@1"}},
                           Size{3, 40, 20, 0, {"placements@1"}}, Size{3, 40, 0, 0, {"enumeration@1"}}}) {
    Draw draw(4);
    const Shape shape{&proofmark::attention_only_family, {size.n, size.V}, 4, 2, 0};
    const Hints hints = draw_hints(draw, shape.task, size.near, size.heads);
    const Lengths lengths(shape, hints);
    Meter tables(kernel::fast());
    const rules::Problem problem = prepared(tables.k, shape, hints, draw);
    check_equal(lengths.tables({}), tables.performed());
    for (const Rule& rule : all_rules)
      if (std::ranges::count(size.rules, rule.name) > 0)
        for (const std::uint64_t m : {size.V / 2, size.V - 2, size.V - 1})
          check_label(kernel::fast(), problem, lengths, rule, m);
  }
}

TEST_CASE("attention-only: lengths at the size of the published proofs") {
  Draw draw(5);
  const Shape shape{&proofmark::attention_only_family, {4, 64}, 32, 32, 0};
  const Hints hints = draw_hints(draw, shape.task, 6, 8);
  const Lengths lengths(shape, hints);
  Meter tables(kernel::fast());
  const rules::Problem problem = prepared(tables.k, shape, hints, draw);
  check_equal(lengths.tables({}), tables.performed());
  for (const Rule& rule : all_rules)
    for (const std::uint64_t m : {0, 1, 5, 20, 63})
      if (m < 63 || rule.close != rules::enumeration) check_label(kernel::fast(), problem, lengths, rule, m);
}

TEST_CASE("attention-only: without gaps, lengths are at most what is said, and all gaps take as much") {
  for (std::uint64_t n = 1; n <= 4; ++n)
    for (std::uint64_t V = 1; V <= 9; ++V) {
      Draw draw(static_cast<unsigned>(10 * n + V));
      const Shape shape{&proofmark::attention_only_family, {n, V}, 3, 2, 0};
      Hints hints = draw_hints(draw, shape.task, 0, 0);
      const proofmark::Operations most = Lengths(shape).step("subcubic@1", {0, V}, true);
      check_at_most(Lengths(shape, hints).step("subcubic@1", {0, V}, true), most);
      for (std::uint64_t m = 0; m < V; ++m)
        for (std::uint64_t q = 0; q < V; ++q)
          for (std::uint64_t s = 0; s < n; ++s)
            hints.gaps[(m * V + q) * n + s] = q < m ? s + 1 < n : q == m && s > 0 && m > 0;
      CHECK(Lengths(shape, hints).step("subcubic@1", {0, V}, true) == most);
    }
}
