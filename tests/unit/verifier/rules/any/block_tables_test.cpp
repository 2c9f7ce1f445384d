// block-tables@1 on networks and witnesses drawn at random: what it establishes of each left symbol's inputs holds by definition, with
// 400 bits, on both engines.
#include "networks.hpp"
#include "rules/any/problem.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace networks;
using verifier::rules::Declared, verifier::rules::Result;

namespace {

const mpq_class step(1, mpz_class(1) << step_bits);

struct Case {
  Network net;
  std::vector<any::TokenSpan> tokens; // of each position
  std::size_t m, left, right;         // neurons; N_x, N_y
  any::BlockTablesWitness witness;
  any::Opened opened;
  std::vector<Index> labels;
};

struct Drawer : Drawing {
  std::vector<Index> labels_below(std::size_t count, std::size_t n) { // every one occurs
    std::vector<Index> list;
    for (std::size_t i = 0; i < n; ++i) list.push_back(static_cast<Index>(i < count ? i : below(count)));
    std::shuffle(list.begin(), list.end(), random);
    return list;
  }
  any::Groups groups(std::size_t m, std::size_t symbols, bool exact) {
    const std::size_t count = 1 + below(std::min<std::size_t>(m, 4));
    std::vector<any::Blocks> blocks;
    for (std::size_t g = 0; g < count; ++g) {
      const std::size_t some = exact ? symbols : 1 + below(symbols);
      blocks.push_back({labels_below(some, symbols), some});
    }
    return any::groups_of(labels_below(count, m), blocks);
  }
  any::Tree tree(std::size_t leaves) {
    std::vector<Index> unread;
    for (Index i = 0; i < leaves; ++i) unread.push_back(i);
    const auto take = [&] {
      const auto at = unread.begin() + static_cast<std::ptrdiff_t>(below(unread.size()));
      const Index node = *at;
      return unread.erase(at), node;
    };
    any::Tree steps;
    for (Index made = static_cast<Index>(leaves); unread.size() > 1; ++made) {
      const Index a = take(), b = take();
      steps.emplace_back(a, b), unread.push_back(made);
    }
    return steps;
  }
  // A network of the form, with weights in sixteenths; `exact`: each symbol is a block of its own.
  Case example(bool exact) {
    Case c{};
    const std::size_t n = 1 + below(3), d = 1 + below(4);
    c.net.n = n;
    c.net.C = 1 + below(5);
    for (std::size_t tables = seldom() ? n : 1; tables > 0; --tables) c.net.tokens.push_back(matrix(4, d));
    if (seldom()) c.net.position = matrix(n, d);
    c.net.pooled = (any::Positions{1} << n) - 1;
    std::size_t width = d;
    for (std::size_t maps = below(3); maps > 0; --maps) {
      const std::size_t out = 1 + below(6);
      c.net.readout.emplace_back(map(width, out)), width = out;
    }
    constexpr any::Activation known[] = {any::Activation::relu, any::Activation::relu, any::Activation::tanh,
                                         any::Activation::silu, any::Activation::gelu};
    c.net.readout.emplace_back(known[below(5)]);
    c.m = width;
    if (seldom()) c.net.readout.emplace_back(map(width, 2)), width = 2;
    c.net.readout.emplace_back(map(width, c.net.C));
    if (seldom()) { // a constant column: classes that no neuron tells apart
      auto& last = std::get<Map>(c.net.readout.back());
      for (auto& entry : last.w[below(last.w.size())]) entry = 3;
    }
    std::size_t inputs = 1;
    for (std::size_t p = 0; p < n; ++p) {
      const std::size_t least = below(4), count = 1 + below(4 - least);
      c.tokens.push_back({static_cast<Index>(least), static_cast<Index>(count)});
      inputs *= count;
    }
    c.right = c.tokens[any::right_position(c.tokens)].count, c.left = inputs / c.right;
    c.witness.right = groups(c.m, c.right, exact);
    const std::size_t G = c.witness.right.size();
    c.witness.tree = tree(G);
    if (G > 1 && !seldom()) c.witness.fold = static_cast<Index>(below(2 * (G - 1)));
    std::size_t all = G;
    if (!seldom()) {
      c.witness.left = groups(c.m, c.left, exact);
      all += c.witness.left->size();
      for (std::size_t g = 0; g < G; ++g)
        c.witness.left_trees.push_back(tree(any::cells(c.witness.right, g, *c.witness.left).size()));
    }
    for (; all > 0; --all) c.witness.kinds.push_back(static_cast<Index>(below(2)));
    for (std::size_t i = 0; i < inputs; ++i) c.labels.push_back(static_cast<Index>(below(c.net.C)));
    return c;
  }
};

std::vector<Index> input_at(const Case& c, std::size_t index) {
  std::vector<Index> t(c.net.n);
  for (std::size_t p = c.net.n; p-- > 0; index /= c.tokens[p].count)
    t[p] = c.tokens[p].least + static_cast<Index>(index % c.tokens[p].count);
  return t;
}

struct Truth {
  mpq_class loss;
  std::vector<mpq_class> margins;
};
Truth truth_of(const Case& c, std::size_t x) {
  Truth truth;
  for (std::size_t i = x * c.right; i < (x + 1) * c.right; ++i) {
    const Row z = logits(c.net, input_at(c, i));
    std::vector<Big> beyond;
    for (std::size_t k = 0; k < c.net.C; ++k)
      if (k != c.labels[i]) beyond.push_back(z[k] - z[c.labels[i]]);
    truth.loss += truth::loss(beyond).rational();
    if (!beyond.empty())
      truth.margins.push_back(-std::ranges::max_element(beyond, [](auto& a, auto& b) { return a < b; })->rational());
  }
  return truth;
}
std::size_t correct(const Case& c, const Truth& truth) {
  if (c.net.C == 1) return c.right;
  const mpq_class least(1, mpz_class(1) << 200); // below it is a tie
  return static_cast<std::size_t>(std::ranges::count_if(truth.margins, [&](auto& margin) { return margin > least; }));
}

any::Inputs row_of(const Case& c, std::size_t x) {
  any::Inputs inputs{std::vector<any::Tokens>(c.net.n), {}};
  for (std::size_t i = x * c.right; i < (x + 1) * c.right; ++i) {
    const std::vector<Index> t = input_at(c, i);
    for (std::size_t p = 0; p < c.net.n; ++p) inputs.tokens[p].push_back(t[p]);
    inputs.labels.push_back(c.labels[i]);
    inputs.indices.emplace_back(static_cast<std::uint32_t>(i));
  }
  return inputs;
}

struct Run { // a problem on an engine
  Run(const Case& c, const Engine& engine, std::uint64_t operations = UINT64_MAX)
      : budget(operations), tables(budget), k{engine, tables}, problem{Preparing{k}.network(c.net), c.opened, {}, {}} {
    problem.block_tables = any::prepare_block_tables(k, problem.network, c.tokens, c.witness);
  }
  Result row(const any::Inputs& inputs) {
    Meter meter(budget);
    Kernel unit{k.engine, meter};
    const Result r = any::block_tables(unit, problem, inputs);
    performed = meter.performed();
    return r;
  }
  Budget budget;
  Meter tables;
  Kernel k;
  any::Problem problem;
  Performed performed{};
};

mpq_class width(const Result& r) {
  return (r.at_most.upper - r.at_least.lower) * step;
}

void check_encloses(const Case& c, const Result& r, const Truth& truth) {
  const mpq_class blur = truth::blur(truth.loss);
  CHECK(r.at_least.lower * step <= truth.loss + blur);
  CHECK(truth.loss - blur <= r.at_most.upper * step);
  CHECK(r.correct_at_least <= correct(c, truth));
  CHECK(correct(c, truth) <= r.correct_at_most);
  CHECK(r.open.indices.empty());
  REQUIRE(r.margin.lower.has_value() == (c.net.C > 1));
  if (c.net.C == 1) return;
  const mpq_class least = *std::ranges::min_element(truth.margins), around = truth::blur(least);
  CHECK(*r.margin.lower * step <= least + around);
  CHECK(least - around <= *r.margin.upper * step);
}

} // namespace

TEST_CASE("block-tables of any network of its form, with any witness: every input by definition, both engines") {
  for (unsigned seed = 0; seed < 400; ++seed) {
    Drawer draw{{std::mt19937_64(seed)}};
    Case c = draw.example(false);
    if (draw.below(2) == 0)
      for (Index i = 0; i < c.labels.size(); ++i)
        for (Index k = 0; k < c.net.C; ++k)
          if (draw.below(3) == 0) c.opened.pairs.emplace_back(i, k);
    for (const Engine* engine : {&fast(), &reference()}) {
      Run run(c, *engine);
      for (std::size_t x = 0; x < c.left; ++x) {
        CAPTURE(seed);
        CAPTURE(engine == &fast());
        CAPTURE(x);
        check_encloses(c, run.row(row_of(c, x)), truth_of(c, x));
      }
    }
  }
}

TEST_CASE("where each symbol is a block of its own nothing is lost; nor where all classes are opened") {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Drawer draw{{std::mt19937_64(seed)}};
    Case c = draw.example(seed % 2 == 0);
    if (seed % 2 == 1)
      for (Index i = 0; i < c.labels.size(); ++i)
        for (Index k = 0; k < c.net.C; ++k) c.opened.pairs.emplace_back(i, k); // that of the label too
    for (const Engine* engine : {&fast(), &reference()}) {
      Run run(c, *engine);
      for (std::size_t x = 0; x < c.left; ++x) {
        CAPTURE(seed);
        CAPTURE(engine == &fast());
        const Result r = run.row(row_of(c, x));
        const Truth truth = truth_of(c, x);
        check_encloses(c, r, truth);
        CHECK(width(r) < mpq_class(engine == &fast() ? 1e-10 : 1e-17));
        if (c.net.C > 1) CHECK((*r.margin.upper - *r.margin.lower) * step < mpq_class(1e-10));
      }
    }
  }
}
