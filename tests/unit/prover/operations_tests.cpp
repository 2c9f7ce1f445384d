// The closed formulas against loops that walk as the rule pages say and count as they go.

#include "models.hpp"
#include "steps.hpp"

#include <doctest/doctest.h>

#include <array>
#include <functional>

using namespace proofmark;

namespace {

using Tokens = std::vector<std::uint64_t>;

// docs/rules/enumeration.md, "The computation that is counted"
Operations count_enumeration(std::uint64_t n, std::uint64_t V, std::uint64_t y, bool states_correct) {
  Operations c;
  const auto decide = [&](std::uint64_t inputs) { // logits of the last position added, then V-1 comparisons
    if (!states_correct) return;
    for (std::uint64_t i = 0; i < inputs; ++i) {
      if (n > 1) c.add += V;
      c.compare += V - 1;
    }
  };
  if (n == 1) {
    c.add += 2 * (V - 1); // Z = sum_k A[y,k]
    c.mul += 2;           // product
    decide(1);
  }
  for (std::uint64_t j = 1; j <= n && n > 1; ++j) {
    std::vector<std::uint64_t> choices; // of p_1 .. p_(n-1)
    for (std::uint64_t position = 1; position <= n; ++position)
      if (position != j) choices.push_back(position < j ? y : y + 1);
    const std::function<void(std::size_t)> walk = [&](std::size_t depth) {
      if (depth + 1 == choices.size()) {
        for (std::uint64_t a = 0; a < choices[depth]; ++a) {
          c.mul += 2 * V;
          c.add += 2 * (V - 1);
          c.mul += 2;
          decide(1);
        }
        return;
      }
      for (std::uint64_t token = 0; token < choices[depth]; ++token) {
        c.mul += 2 * V;
        if (states_correct) c.add += V;
        walk(depth + 1);
      }
    };
    walk(0);
  }
  c.log += 2;
  for (std::uint64_t a = 0; a < y; ++a) c.add += 1;
  c.mul += 2;
  c.add += 1;
  c.add += 2 + 2;
  return c;
}

// docs/rules/symmetry.md, likewise
Operations count_symmetry(std::uint64_t n, std::uint64_t V, std::uint64_t y, bool states_correct) {
  if (n == 1) return count_enumeration(n, V, y, states_correct);
  Operations c;
  Tokens tail{y};
  const auto z = [&] {
    c.mul += 2 * V;
    c.add += 2 * (V - 1);
    if (states_correct) {
      c.add += V;
      c.compare += V - 1;
    }
  };
  const std::function<void()> walk = [&] {
    if (tail.size() == n - 1) {
      std::uint64_t r = 0;
      for (const std::uint64_t token : tail) r += token == tail.back();
      for (std::uint64_t a = 0; a < tail.back(); ++a) {
        z();
        c.mul += 2;
      }
      c.mul += 2 * r; // the power
      z();
      c.mul += 2;
      c.log += 2;
      c.mul += 2;
      c.add += 2;
      return;
    }
    const std::uint64_t most = tail.back();
    for (std::uint64_t token = 0; token <= most; ++token) {
      tail.push_back(token);
      c.mul += 2 * V;
      if (states_correct) c.add += V;
      walk();
      tail.pop_back();
    }
  };
  walk();
  for (std::uint64_t a = 0; a < y; ++a) c.add += 1;
  c.mul += 2;
  c.add += 1;
  c.add += 2 + 2;
  return c;
}

// docs/rules/convexity.md, likewise; upper ends only
Operations count_convexity(std::uint64_t n, std::uint64_t V, std::uint64_t y, bool states_correct) {
  Operations c;
  const auto z = [&] {
    if (n > 1) c.mul += V;
    c.add += V - 1;
  };
  if (n == 2) {
    c.mul += 1;
    c.add += 1;
  } else {
    for (std::uint64_t m = 1; m < n; ++m) {
      if (m > 1) c.mul += V; // y^m from y^(m-1)
      for (std::uint64_t a = 0; a < y; ++a) {
        for (std::uint64_t extension = 1; extension < n - m; ++extension) c.mul += V;
        z();
        c.mul += 1; // the product
      }
      c.log += 1;
      c.mul += 1; // the weight
      c.add += 1;
    }
    z(); // y^n
    c.log += 1;
    c.add += 1;
  }
  for (std::uint64_t a = 0; a < y; ++a) c.add += 1;
  c.mul += 2;
  c.add += 1;
  c.add += 1 + 1;
  if (states_correct) {
    c.div += 1;
    c.add += 1;
    c.compare += 1;
  }
  return c;
}

} // namespace

TEST_CASE("the rules' closed formulas equal counting loops") {
  for (std::uint64_t n = 1; n <= 5; ++n)
    for (std::uint64_t V = 1; V <= 7; ++V)
      for (const bool states_correct : {false, true}) {
        Operations all_enumeration, all_symmetry, all_convexity;
        for (std::uint64_t y = 0; y < V; ++y) {
          CAPTURE(n);
          CAPTURE(V);
          CAPTURE(y);
          const Operations e = count_enumeration(n, V, y, states_correct), s = count_symmetry(n, V, y, states_correct),
                           x = count_convexity(n, V, y, states_correct);
          CHECK(convexity_rule({n, V}).operations({y, y + 1}, states_correct) == x);
          all_convexity += x;
          CHECK(enumeration_rule({n, V}).operations({y, y + 1}, states_correct) == e);
          CHECK(symmetry_rule({n, V}).operations({y, y + 1}, states_correct) == s);
          all_enumeration += e;
          all_symmetry += s;
        }
        CHECK(enumeration_rule({n, V}).operations({0, V}, states_correct) == all_enumeration);
        CHECK(symmetry_rule({n, V}).operations({0, V}, states_correct) == all_symmetry);
        CHECK(convexity_rule({n, V}).operations({0, V}, states_correct) == all_convexity);
      }
}

TEST_CASE("tables equal counting loops") {
  for (std::uint64_t V = 1; V <= 6; ++V)
    for (std::uint64_t d = 1; d <= 4; ++d) {
      Operations c;
      c.read += V * d + d * d + d * V;
      const auto product = [&](std::uint64_t rows, std::uint64_t inner, std::uint64_t columns) {
        for (std::uint64_t i = 0; i < rows * columns; ++i) {
          c.mul += inner;
          c.add += inner - 1;
        }
      };
      product(V, d, d);
      product(V, d, V);
      c.compare += V * (V - 1); // a maximum of V numbers, V times
      c.add += V * V;
      c.exp += 2 * V * V;
      const Model model = test::random_model(V, d, 1, 1);
      CHECK(table_operations(std::array{enumeration_rule({2, V})}, shape_of(model, 2)) == c);
      CHECK(table_operations(std::array{symmetry_rule({2, V})}, shape_of(model, 2)) == c);
      c.exp -= V * V; // upper ends only
      CHECK(table_operations(std::array{convexity_rule({1, V})}, shape_of(model, 1)) == c);
      CHECK(table_operations(std::array{convexity_rule({3, V})}, shape_of(model, 3)) == c);
      for (std::uint64_t a = 0; a < V; ++a) { // Q_a, ln Q_a, T_a
        c.mul += V;
        c.add += V - 1;
        c.log += 1;
        c.add += 1;
      }
      CHECK(table_operations(std::array{convexity_rule({2, V})}, shape_of(model, 2)) == c);
    }
}

TEST_CASE("sizes of the input space") {
  CHECK(inputs_in({3, 10}, {2, 5}) == 125 - 8);
  CHECK(inputs_with_label({64, 2}, 1) == power(2, 64) - 1);
  CHECK(sorted_inputs_with_label({3, 10}, 4) == 15);
  CHECK(binomial(5, 0) == 1);
  CHECK(binomial(4, 2) == 6);
}

TEST_CASE("orderings of a sorted input are counted by walking all inputs") {
  for (std::uint64_t n = 1; n <= 5; ++n) {
    std::map<Tokens, std::uint64_t> seen;
    Tokens input(n, 0);
    const std::uint64_t V = 4;
    for (std::uint64_t i = 0; i < power(V, n).convert_to<std::uint64_t>(); ++i) {
      std::uint64_t rest = i;
      for (std::uint64_t& token : input) token = rest % V, rest /= V;
      Tokens sorted = input;
      std::sort(sorted.begin(), sorted.end());
      ++seen[sorted];
    }
    for (const auto& [sorted, count] : seen) CHECK(orderings(sorted) == count);
  }
  CHECK(orderings(Tokens(64, 3)) == 1);
  Tokens halves(64, 0);
  std::fill_n(halves.begin(), 32, 1);
  CHECK(orderings(halves) == binomial(64, 32));
}

TEST_CASE("ranges cover the labels once, as equal as can be") {
  for (std::uint64_t V = 1; V <= 20; ++V)
    for (std::uint64_t steps = 1; steps <= V; ++steps) {
      const auto ranges = equal_ranges(V, steps);
      CHECK(ranges.size() == steps);
      CHECK(ranges.front().from == 0);
      CHECK(ranges.back().to == V);
      for (std::size_t i = 0; i < ranges.size(); ++i) {
        CHECK(ranges[i].to - ranges[i].from >= V / steps);
        CHECK(ranges[i].to - ranges[i].from <= V / steps + 1);
        if (i > 0) CHECK(ranges[i].from == ranges[i - 1].to);
      }
    }
}
