// The tables of token-sum from stored weights: logits are sums of exact products, whatever the weights are. What symmetry@1 makes
// of them encloses the truth about every input, on both engines.
#include "models.hpp"

using namespace token_sum_models;
using truth::Matrix;

namespace {

struct Stored {
  Matrix E, W, U; // [V x d], [d x d], [d x V]
  Matrix logits() const {
    using truth::operator*;
    return E * W * U;
  }
};

// Entries mantissa · 2^exponent with exponents from lowest to highest.
Matrix draw(std::size_t rows, std::size_t columns, int bits, int lowest, int highest, std::mt19937_64& random) {
  Matrix x(rows, std::vector<mpq_class>(columns));
  for (auto& row : x)
    for (mpq_class& entry : row) {
      const double magnitude = static_cast<double>(random() >> (64 - bits));
      const int exponent = lowest + static_cast<int>(random() % static_cast<unsigned>(highest - lowest + 1));
      entry = mpq_class(std::ldexp(random() & 1 ? -magnitude : magnitude, exponent));
    }
  return x;
}
Stored draw(std::size_t V, std::size_t d, int bits, int lowest, int highest, unsigned seed) {
  std::mt19937_64 random(seed);
  Stored s;
  s.E = draw(V, d, bits, lowest, highest, random), s.W = draw(d, d, bits, lowest, highest, random);
  s.U = draw(d, V, bits, lowest, highest, random);
  return s;
}

struct FromWeights {
  kernel::Budget budget{UINT64_MAX};
  kernel::Meter meter{budget};
  kernel::Kernel k;
  rules::Problem problem{};
  FromWeights(const kernel::Engine& engine, const Stored& s, std::size_t n, unsigned threads = 1) : k{engine, meter} {
    problem = rules::prepare(k, {weights(s.E), weights(s.W), weights(s.U)}, n, true, threads);
  }
  FromWeights(const FromWeights&) = delete;
  kernel::Weights weights(const Matrix& exact) {
    std::vector<double> values;
    for (const auto& row : exact)
      for (const mpq_class& x : row) values.push_back(x.get_d()); // exact
    return {k, {exact.size(), exact.front().size()}, values};
  }
  Result symmetry(Token y) { return rules::symmetry(k, problem, {y, y + 1}); }
};

struct LabelTruth {
  mpq_class loss;
  Integer inputs, correct;
  std::optional<mpq_class> margin;
};
std::vector<LabelTruth> by_label(const Matrix& m, std::size_t n) {
  std::vector<LabelTruth> labels(m.size());
  std::vector<std::size_t> t(n);
  do {
    const std::size_t y = *std::ranges::max_element(t);
    std::vector<mpq_class> counts(m.size());
    for (const std::size_t a : t) counts[a] += 1;
    const truth::InputTruth found = truth::input(m, counts, y);
    labels[y].loss += found.loss, labels[y].inputs += 1, labels[y].correct += found.correct;
    for (std::size_t k = 0; k < m.size(); ++k) {
      mpq_class margin;
      for (const std::size_t a : t) margin += m[a][y] - m[a][k];
      if (k != y && (!labels[y].margin || margin < *labels[y].margin)) labels[y].margin = margin;
    }
  } while (truth::next_input(t, m.size()));
  return labels;
}

// `widest`: of the fast engine's loss, an input; 0 where it is not asked. The reference decides every input; the fast engine, what is
// no tie and not nearly one.
void check(const Stored& s, std::size_t n, double widest, bool fast_decides = true) {
  const std::vector<LabelTruth> labels = by_label(s.logits(), n);
  for (const kernel::Engine* engine : {&kernel::reference(), &kernel::fast()}) {
    const bool by_reference = engine == &kernel::reference();
    if (!by_reference && widest == 0) continue;
    CAPTURE(by_reference);
    FromWeights model(*engine, s, n);
    for (Token y = 0; y < labels.size(); ++y) {
      const Result found = model.symmetry(y);
      check_encloses(found.at_most, labels[y].loss);
      CHECK(width(found.at_most) <= (by_reference ? 1e-17 : widest) * labels[y].inputs.get_d());
      CHECK(found.correct_at_least <= labels[y].correct);
      CHECK(labels[y].correct <= found.correct_at_most);
      if (by_reference || fast_decides) CHECK(found.correct_at_least == found.correct_at_most);
      REQUIRE(found.margin.lower.has_value() == labels[y].margin.has_value());
      if (labels[y].margin) check_encloses({*found.margin.lower, *found.margin.upper}, *labels[y].margin);
    }
  }
}

} // namespace

TEST_CASE("token-sum: ordinary weights, every small size") {
  unsigned seed = 10;
  for (const std::size_t n : {1, 2, 3, 4})
    for (std::size_t V = 1; V <= (n == 4 ? 5u : n == 3 ? 7u : 12u); ++V)
      for (const std::size_t d : {1, 3}) check(draw(V, d, 24, -25, -22, ++seed), n, 1e-12);
}

TEST_CASE("token-sum: odd sizes up to 33, and beyond a band") {
  for (const std::size_t V : {17, 31, 32, 33}) check(draw(V, 4, 24, -26, -23, static_cast<unsigned>(V)), 2, 1e-12);
  for (const std::size_t V : {63, 64, 65, 130}) check(draw(V, 2, 24, -25, -22, static_cast<unsigned>(V)), 1, 1e-12);
}

TEST_CASE("token-sum: weights of many bits, of many magnitudes, and logits of thousands of nats") {
  check(draw(5, 2, 53, -55, -50, 1), 2, 1e-12);
  check(draw(6, 3, 24, -120, -20, 2), 2, 1e-12, false);
  check(draw(6, 2, 24, -21, -20, 4), 2, 0); // the fast engine may decline them
  check(draw(4, 2, 24, -19, -18, 3), 2, 0); // hundreds of thousands of nats
}

TEST_CASE("token-sum: a common offset of the logits, however large, does not matter") {
  for (const int offset : {30, 60, 150, 300, 900}) { // E = (2^offset, 1), (2^offset, 3/2)
    const mpq_class large(std::ldexp(1, offset));
    const Stored s{{{large, 1}, {large, mpq_class(3, 2)}}, {{1, 0}, {0, 1}}, {{1, 1}, {0, 1}}};
    CAPTURE(offset);
    check(s, 2, offset == 30 ? 1e-11 : 0);
    if (offset > 100) CHECK_THROWS_AS(FromWeights(kernel::fast(), s, 2).symmetry(0), kernel::OutOfRange);
  }
}

TEST_CASE("token-sum: zero matrices tie, nothing is correct, the loss is ln V; outputs that tie are never credited") {
  for (const std::size_t V : {1, 2, 3, 33}) {
    Stored s = draw(V, 2, 24, -25, -22, 5);
    for (auto& row : s.W)
      for (mpq_class& x : row) x = 0;
    check(s, 2, 1e-12, false);
    FromWeights model(kernel::reference(), s, 2);
    for (Token y = 0; V < 4 && y < V; ++y) CHECK(model.symmetry(y).correct_at_most == (V == 1 ? 1 : 0));
  }
  Stored s = draw(5, 2, 24, -25, -22, 6);
  for (auto& row : s.U) row[1] = row[4];
  check(s, 2, 1e-12, false);
  FromWeights model(kernel::reference(), s, 2);
  CHECK(model.symmetry(4).correct_at_most == 0);
  CHECK(model.symmetry(1).correct_at_most == 0);
}

TEST_CASE("token-sum: exponentials are enclosed from both sides where nothing else rounds") {
  // M = ((0, -1), (-1, 0)): the loss of (0, 1) is ln(1 + 1), of (0, 0) ln(1 + exp(-2)).
  check({{{1, 0}, {0, 1}}, {{1, 0}, {0, 1}}, {{0, -1}, {-1, 0}}}, 2, 1e-14, false);
}

TEST_CASE("token-sum: tables on several threads are the same, and charged the same") {
  const Stored s = draw(150, 3, 24, -25, -22, 9);
  FromWeights one(kernel::fast(), s, 1), three(kernel::fast(), s, 1, 3);
  CHECK(one.meter.performed() == three.meter.performed());
  for (const Token y : {0u, 63u, 64u, 149u}) {
    const Result x = one.symmetry(y), z = three.symmetry(y);
    CHECK(x.at_most.lower == z.at_most.lower);
    CHECK(x.at_most.upper == z.at_most.upper);
  }
}

TEST_CASE("token-sum: accuracy from loss: the floor of the loss in units of ln 2 is what may be wrong") {
  const auto correct = [](double loss) { // logits (0, x), n = 1: the loss of label 0 is ln(1 + exp x)
    const double x = std::log(std::expm1(loss));
    Prepared on(kernel::fast(), Model{"one", 2, 1, {0, x, 0, x}});
    return run(on, rules::convexity, {0, 1}).result.correct_at_least;
  };
  CHECK(correct(0.69) == 1);
  CHECK(correct(0.70) == 0);
  CHECK(correct(100) == 0);
}
