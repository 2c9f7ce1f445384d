// low-rank@1 of any network and any witness: features and what the rule finds enclose the truth; what is opened is exact; both engines.
#include "inputs.hpp"

#include <doctest/doctest.h>

using namespace networks;
using verifier::rules::Result;

namespace {

struct Case {
  Network net;
  any::FeaturesOf of;
  bool folded;
};

bool is_map(const std::variant<Map, Norm, any::Activation>& part) {
  return part.index() == 0;
}
// What the page says of a description.
any::FeaturesOf features_of(const Network& net) {
  for (const auto& part : net.readout)
    if (!is_map(part)) return any::FeaturesOf::part;
  const bool one_position = std::has_single_bit(net.pooled) && !net.mean;
  if (net.norm || !one_position || net.blocks.empty()) return any::FeaturesOf::pool;
  const auto& mlp = net.blocks.back().mlp;
  return mlp && !mlp->after ? any::FeaturesOf::mlp : any::FeaturesOf::pool;
}
// But for P H <= d, which is a matter of length alone.
bool can_be_folded(const Network& net) {
  if (features_of(net) != any::FeaturesOf::mlp) return false;
  for (std::size_t b = 0; b + 1 < net.blocks.size(); ++b)
    if (net.blocks[b].attention) return false;
  const Block& last = net.blocks.back();
  const auto& a = last.attention;
  const std::size_t seen = a && a->causal ? std::size_t(std::bit_width(net.pooled)) : net.n;
  return a && a->query && !a->after && !last.mlp->before && !last.mlp_reads_input && seen >= 2;
}
// As it is, or so that features are an MLP's activations, which may be folded.
Case drawn(Drawing& draw, std::size_t V) {
  Network net = draw.network(V);
  const std::uint64_t kind = draw.below(3);
  if (kind > 0) {
    const std::size_t d = net.tokens.front().front().size();
    net.norm = {}, net.mean = false, net.pooled = any::Positions{1} << draw.below(net.n);
    net.readout.clear();
    std::size_t width = d;
    for (std::size_t maps = draw.below(3); maps > 0; --maps) net.readout.emplace_back(draw.map(width, 2)), width = 2;
    net.readout.emplace_back(draw.map(width, net.C));
    Block last = draw.block(d);
    const std::size_t m = 1 + draw.below(4);
    last.mlp = Mlp{draw.norm(d), {}, draw.map(d, m), draw.activation(), draw.map(m, d)};
    if (kind == 2) {
      last.attention = Attention{{}, {}, 1 + draw.below(2), {}, {}, {}, {}, draw.below(2) == 0, {}};
      Attention& a = *last.attention;
      const std::size_t h = 1 + draw.below(2), v = 1 + draw.below(2);
      a.before = draw.norm(d), a.query = draw.map(d, a.heads * h), a.key = draw.map(d, a.heads * h);
      a.value = draw.map(d, a.heads * v), a.output = draw.map(a.heads * v, d);
      last.mlp->before = {}, last.mlp_reads_input = false;
      for (Block& block : net.blocks) block.attention = {};
      std::erase_if(net.blocks, [](const Block& block) { return !block.mlp; });
    }
    net.blocks.push_back(last);
  }
  const bool folded = can_be_folded(net) && draw.below(3) > 0;
  return {net, features_of(net), folded};
}

any::Features prepare(Kernel& k, const any::Network& network, const Case& of, std::size_t V) {
  std::optional<std::vector<any::TokenSpan>> tokens;
  if (of.folded) tokens.emplace(network.positions, any::TokenSpan{0, static_cast<Index>(V)});
  return any::prepare_features(k, network, of.of, tokens);
}

// Numbers that are small integers over 16, or as far apart as doubles are.
std::vector<double> numbers_of(Drawing& draw, std::size_t count, bool hostile) {
  std::vector<double> x(count);
  for (double& y : x) {
    y = (static_cast<double>(draw.below(33)) - 16) / 16;
    if (draw.seldom()) y = 0;
    if (hostile && draw.below(4) == 0) y = std::ldexp(y, draw.below(2) == 0 ? 1000 : -1070);
  }
  return x;
}
any::LowRankWitness witness(Drawing& draw, std::size_t m, std::size_t N, bool hostile) {
  any::LowRankWitness w;
  w.k = draw.below(m + 1);
  w.basis = numbers_of(draw, w.k * m, hostile), w.metric = numbers_of(draw, w.k * w.k, hostile);
  if (w.k > 1 && draw.seldom()) std::copy_n(w.basis.begin(), m, w.basis.begin() + std::ptrdiff_t(m)); // two equal rows
  for (std::size_t q = draw.below(3); q > 0; --q) {
    w.counts.push_back(static_cast<Index>(1 + draw.below(3)));
    w.labels.emplace_back();
    for (std::size_t i = 0; i < N; ++i) w.labels.back().push_back(static_cast<Index>(draw.below(w.counts.back())));
    for (const double x : numbers_of(draw, w.counts.back() * m, hostile)) w.tables.push_back(x);
  }
  return w;
}
// So many in a hundred of all classes of all inputs.
any::Opened opened(Drawing& draw, std::size_t N, std::size_t C, std::uint64_t percent) {
  any::Opened opened;
  for (Index i = 0; i < N; ++i)
    for (Index c = 0; c < C; ++c)
      if (draw.below(100) < percent) opened.pairs.emplace_back(i, c);
  return opened;
}

void check_encloses(const Result& r, const Truth& truth, std::size_t N, bool has_margin) {
  std::size_t correct = 0;
  for (const mpq_class& margin : truth.margins) correct += !is_tie(margin) && margin > 0;
  if (!has_margin) correct = N;
  const mpq_class exact = truth.loss.rational(), blur = truth::blur(exact);
  CHECK(r.at_least.lower * step <= exact + blur);
  CHECK(exact - blur <= r.at_most.upper * step);
  CHECK(r.correct_at_least <= correct);
  CHECK(correct <= r.correct_at_most);
  REQUIRE(r.margin.lower.has_value() == has_margin);
  if (!has_margin) return;
  const mpq_class least = *std::ranges::min_element(truth.margins), around = truth::blur(least);
  CHECK(*r.margin.lower * step <= least + around);
  CHECK(least - around <= *r.margin.upper * step);
}
// But for rounding, it says what is true.
void check_exact(const Result& r, const Truth& truth, const Engine& engine, std::size_t N) {
  std::size_t ties = 0;
  for (const mpq_class& margin : truth.margins) ties += is_tie(margin);
  const mpq_class wide = mpq_class(&engine == &fast() ? 1e-9 : 1e-18) + step * 3 * N;
  CHECK((r.at_most.upper - r.at_least.lower) * step < wide);
  CHECK(r.correct_at_most - r.correct_at_least <= ties);
  if (r.margin.lower) CHECK((*r.margin.upper - *r.margin.lower) * step < wide);
}

} // namespace

TEST_CASE("features: h U + s are the logits but for one number an input, in every kind of network, both engines") {
  std::size_t kinds[4] = {};
  for (unsigned seed = 0; seed < 400; ++seed) {
    Drawing draw{std::mt19937_64(seed)};
    const std::size_t V = 1 + draw.below(3);
    const Case of = drawn(draw, V);
    const any::Inputs inputs = all_inputs(of.net, V, draw);
    ++kinds[of.folded ? 3 : static_cast<int>(of.of)];
    for (const Engine* engine : {&fast(), &reference()}) {
      CAPTURE(seed);
      Budget budget(UINT64_MAX);
      Meter meter(budget);
      Kernel k{*engine, meter};
      const any::Network network = Preparing{k}.network(of.net);
      const any::Features features = prepare(k, network, of, V);
      const auto [h, s] = any::features(k, network, features, inputs.tokens);
      REQUIRE(h.rows() == inputs.labels.size());
      Real z = linear(h, with(k, features.u));
      if (s) z = z + *s;
      const Real beyond = minus_entries(z, inputs.labels);
      for (std::size_t i = 0; i < h.rows(); ++i) {
        std::vector<Index> t;
        for (const any::Tokens& of_position : inputs.tokens) t.push_back(of_position[i]);
        const Row exact = logits(of.net, t);
        for (std::size_t c = 0; c < of.net.C; ++c) {
          Total found;
          found.add(entry(beyond, i, c));
          const mpq_class truth = (exact[c] - exact[inputs.labels[i]]).rational(), blur = truth::blur(truth);
          CHECK(found.lower * step <= truth + blur);
          CHECK(truth - blur <= found.upper * step);
          CHECK((found.upper - found.lower) * step < mpq_class(1e-9));
        }
      }
    }
  }
  for (const std::size_t count : kinds) CHECK(count > 30);
}

TEST_CASE("low-rank of any network and any witness: the truth is enclosed; where all is opened, exactly") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    Drawing draw{std::mt19937_64(seed)};
    const std::size_t V = 1 + draw.below(3);
    const Case of = drawn(draw, V);
    any::Inputs inputs = all_inputs(of.net, V, draw);
    const std::size_t N = inputs.labels.size(), C = of.net.C;
    const Truth truth = truth_of(of.net, inputs);
    const bool hostile = draw.below(4) == 0, all = draw.seldom();
    const any::Opened some = opened(draw, N, C, all ? 100 : draw.below(40));
    const std::uint64_t of_witness = draw.random();
    for (const Engine* engine : {&fast(), &reference()}) {
      CAPTURE(seed);
      CAPTURE(engine == &fast());
      Budget budget(UINT64_MAX);
      Meter meter(budget);
      Kernel k{*engine, meter};
      try {
        any::Problem problem{.network = Preparing{k}.network(of.net), .opened = some, .low_rank = {}};
        const any::Features features = prepare(k, problem.network, of, V);
        Drawing drawing{std::mt19937_64(of_witness)};
        problem.low_rank = any::prepare_low_rank(k, features, witness(drawing, features.u.rows(), N, hostile));
        const Result r = any::low_rank(k, problem, inputs);
        check_encloses(r, truth, N, C > 1);
        if (all && !hostile) check_exact(r, truth, *engine, N);
      } catch (const OutOfRange&) {
        CHECK(hostile); // such numbers leave the fast engine's range, or make a loss that no step can state
      }
    }
  }
}

TEST_CASE("a basis of all rows knows everything; M rounded, not symmetric or 0 is sound, with no number that is none") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    Drawing draw{std::mt19937_64(seed)};
    const std::size_t V = 2;
    const Case of = drawn(draw, V);
    any::Inputs inputs = all_inputs(of.net, V, draw);
    const Truth truth = truth_of(of.net, inputs);
    for (const Engine* engine : {&fast(), &reference()})
      for (const double diagonal : {0.25, -0.25, 0.0, 0.2500001, 3.0}) { // of M; B = 2
        CAPTURE(seed);
        CAPTURE(diagonal);
        Budget budget(UINT64_MAX);
        Meter meter(budget);
        Kernel k{*engine, meter};
        any::Problem problem{.network = Preparing{k}.network(of.net), .opened = {}, .low_rank = {}};
        const any::Features features = prepare(k, problem.network, of, V);
        const std::size_t m = features.u.rows();
        any::LowRankWitness w{.k = m,
                              .basis = std::vector<double>(m * m),
                              .metric = std::vector<double>(m * m),
                              .labels = {},
                              .counts = {},
                              .tables = {}};
        for (std::size_t i = 0; i < m; ++i) w.basis[i * m + i] = 2, w.metric[i * m + i] = diagonal;
        if (m > 1 && diagonal == 3) w.metric[1] = -5;
        problem.low_rank = any::prepare_low_rank(k, features, w);
        try {
          const Result r = any::low_rank(k, problem, inputs);
          check_encloses(r, truth, inputs.labels.size(), of.net.C > 1);
          if (diagonal == 0.25) check_exact(r, truth, *engine, inputs.labels.size());
        } catch (const OutOfRange&) { // exponentials of a radius that is far too large
          CHECK(engine == &fast());
          CHECK(std::fabs(diagonal) == 3);
        }
      }
  }
}

TEST_CASE("opened classes of inputs: found by index, and not the label") {
  const any::Opened opened{{{3, 1}, {3, 2}, {3, 7}, {9, 0}}};
  CHECK(opened.of_input(2).empty());
  CHECK(opened.of_input(3).size() == 3);
  CHECK(opened.of_input(9).size() == 1);
  CHECK(opened.of_input(Integer(1) << 40).empty());
  const std::vector<Integer> indices{9, 4, 3, 9};
  const any::Entries entries = any::opened_of(opened, indices, any::Tokens{1, 1, 2, 0});
  CHECK(entries.rows == any::Tokens{0, 2, 2});
  CHECK(entries.columns == any::Tokens{0, 1, 7});
}

TEST_CASE("a class whose logit is the label's: wrong where it is opened, open where it is not, by both engines") {
  // One position, h = its row of 2 numbers, two equal columns of U and a smaller one, 0 in the mean; nothing but the norm is known of h.
  const Matrix U{{1, 1, -2}, {2, 2, -4}};
  for (const bool is_opened : {false, true})
    for (const Engine* engine : {&fast(), &reference()}) {
      Network net{1, 3, {Matrix{{3, 4}}}, {}, false, {}, {}, 1, false, {Map{U, {}}}};
      Budget budget(UINT64_MAX);
      Meter meter(budget);
      Kernel k{*engine, meter};
      any::Problem problem{.network = Preparing{k}.network(net), .opened = {}, .low_rank = {}};
      if (is_opened) problem.opened.pairs = {{0, 0}, {0, 1}};
      problem.low_rank =
          any::prepare_low_rank(k, any::prepare_features(k, problem.network, any::FeaturesOf::pool, {}), {});
      const any::Inputs inputs{{{0}}, {0}, {}, {0}};
      const Result r = any::low_rank(k, problem, inputs);
      CHECK(r.correct_at_least == 0);
      if (!is_opened) CHECK(r.correct_at_most == 1);
      if (is_opened && engine == &reference()) CHECK(r.correct_at_most == 0); // 11 - 11 is exactly 0
      const Truth truth = truth_of(net, inputs);
      check_encloses(r, truth, 1, true);
    }
}

TEST_CASE("what is not declared is not found, and costs nothing; opened classes cost a row of U each, labels none") {
  const Matrix U{{1, 2, 0}, {2, 1, 0}};
  const Network net{1, 3, {Matrix{{3, 4}, {1, 0}}}, {}, false, {}, {}, 1, false, {Map{U, {}}}};
  const auto performed = [&](const verifier::rules::Declared& declared, const any::Opened& opened) {
    Budget budget(UINT64_MAX);
    Meter tables(budget), meter(budget);
    Kernel k{fast(), tables}, unit{fast(), meter};
    any::Problem problem{.network = Preparing{k}.network(net), .opened = opened, .low_rank = {}};
    problem.low_rank =
        any::prepare_low_rank(k, any::prepare_features(k, problem.network, any::FeaturesOf::pool, {}), {});
    const Result r = any::low_rank(unit, problem, {{{0, 1}}, {0, 2}, declared, {5, 6}});
    CHECK((r.at_most.upper != 0) == declared.loss);
    CHECK(r.margin.lower.has_value() == declared.compares());
    return meter.performed();
  };
  const auto of = [](const Performed& p, Operation kind) { return p[static_cast<std::size_t>(kind)]; };
  const Performed all = performed({}, {}), no_loss = performed({.loss = false}, {}),
                  only_loss = performed({.correct = false}, {});
  CHECK(of(all, Operation::exp) == 6);
  CHECK(of(all, Operation::log) == 2);
  CHECK(of(no_loss, Operation::exp) == 0);
  CHECK(of(all, Operation::compare) == 2 + 2 + 2 * 4); // |e'|, the largest without, signs and minima
  CHECK(of(only_loss, Operation::compare) == 2);
  CHECK(performed({.correct = false, .margin = 0}, {})[6] == 2 + 2 + 2 * 5);
  CHECK(performed({}, {{{5, 0}, {6, 2}, {7, 0}}}) == all); // labels, and an input of another batch
  const Performed more = performed({}, {{{5, 0}, {5, 2}, {6, 0}}});
  CHECK(of(more, Operation::mul) == of(all, Operation::mul) + 2 * 2);
  CHECK(of(more, Operation::add) == of(all, Operation::add) + 2 * 1);
  CHECK(of(more, Operation::read) == of(all, Operation::read) + 2);
}
