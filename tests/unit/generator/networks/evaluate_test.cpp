#include "networks/evaluate.hpp"
#include "networks/number.hpp"
#include "refusal.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <set>

using namespace proofmark;
using namespace proofmark::networks;

namespace {

// A network of 4 positions, 3 tokens, width 6, one block, with these words in it.
struct Words {
  std::string norm, activation, mask, scores, order, to, pool;
};

std::string description_text(const Words& w) {
  const std::string norm =
      w.norm.empty() ? "" : R"("norm":{")" + w.norm + R"(":{"eps":"1e-5","weight":"g","bias":"s"}},)";
  const std::string query =
      w.scores == R"("uniform")"
          ? ""
          : R"("query":{"weight":"q","layout":"in,out","bias":"qb"},"key":{"weight":"k","layout":"out,in"},)";
  return R"({"positions":4,"embedding":{"tokens":{"weight":"e","layout":"tokens,width"},"positions":{"tensor":"p","to":")" +
         w.to + R"("}},"blocks":[{"attention":{)" + norm + R"("heads":2,)" + query +
         R"("value":{"weight":"v","layout":"in,out"},"output":{"weight":"o","layout":"in,out","bias":"s"},"mask":")" +
         w.mask + R"(","scores":)" + w.scores + R"(},"mlp":{)" + norm +
         R"("in":{"weight":"i","layout":"in,out"},"activation":")" + w.activation +
         R"(","out":{"weight":"u","layout":"in,out"}},)" + w.order + R"(}],"norm":{"layer":{"eps":"0.001"}},"pool":)" +
         w.pool + R"(,"readout":[{"weight":"r","layout":"in,out"},")" + w.activation +
         R"(",{"weight":"c","layout":"in,out"}]})";
}

const Words all_words[] = {
    {"layer", "gelu", "causal", R"("scaled")", R"("order":"pre")", "residual", R"("last")"},
    {"rms", "gelu-tanh", "none", R"("unscaled")", R"("order":"post")", "scores", R"("mean")"},
    {"", "silu", "causal", R"("uniform")", R"("reads":"block-input")", "residual", R"("sum")"},
    {"layer", "tanh", "causal", R"({"factor":"0.3"})", R"("order":"pre","reads":"block-input")", "scores",
     R"({"position":2})"},
    {"rms", "relu", "none", R"("scaled")", R"("order":"post")", "residual", R"("sum")"},
};

Tensor tensor(std::mt19937_64& random, const std::string& name, std::vector<std::uint64_t> shape, double size) {
  std::uint64_t count = 1;
  for (const std::uint64_t dimension : shape) count *= dimension;
  Tensor result{name, DType::float64, std::move(shape), std::vector<std::uint8_t>(8 * count)};
  std::uniform_real_distribution<double> uniform(-size, size);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double x = uniform(random);
    std::memcpy(result.bytes.data() + 8 * i, &x, 8);
  }
  return result;
}

Network random_network(const Words& words, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<Tensor> tensors;
  for (const auto& [name, shape] :
       std::vector<std::pair<std::string, std::vector<std::uint64_t>>>{{"e", {3, 6}},
                                                                       {"p", {5, 6}},
                                                                       {"q", {6, 6}},
                                                                       {"qb", {6}},
                                                                       {"k", {6, 6}},
                                                                       {"v", {6, 4}},
                                                                       {"o", {4, 6}},
                                                                       {"s", {6}},
                                                                       {"g", {6}},
                                                                       {"i", {6, 7}},
                                                                       {"u", {7, 6}},
                                                                       {"r", {6, 5}},
                                                                       {"c", {5, 3}}})
    tensors.push_back(tensor(random, name, shape, 1));
  return network(read_description(description_text(words), "the test's description"), tensors);
}

Inputs all_inputs() {
  Inputs inputs;
  inputs.tokens.resize(4);
  for (Token i = 0; i < 81; ++i)
    for (Token p = 0, rest = i; p < 4; ++p, rest /= 3) inputs.tokens[3 - p].push_back(rest % 3);
  return inputs;
}

double middle_of(const Interval& x) {
  return (lower_double(x) + upper_double(x)) / 2;
}

} // namespace

TEST_CASE("doubles and estimates lie around the enclosures, for every word") {
  for (const Words& words : all_words) {
    CAPTURE(words.activation);
    const Network n = random_network(words, 1);
    const Inputs inputs = all_inputs();
    const auto doubles = logits<double>(n, inputs);
    const auto estimates = logits<Estimate>(n, inputs);
    const auto enclosures = logits<Interval>(n, inputs);
    REQUIRE(doubles.rows == 81);
    REQUIRE(doubles.columns == 3);
    std::set<double> different;
    for (std::size_t i = 0; i < doubles.entries.size(); ++i) {
      const Interval& exact = enclosures.entries[i];
      CHECK(upper_double(exact) - lower_double(exact) <= 0x1p-50 * std::abs(upper_double(exact)) + 0x1p-60);
      CHECK(std::abs(doubles.entries[i] - middle_of(exact)) <= estimates.entries[i].radius);
      CHECK(std::abs(estimates.entries[i].middle - middle_of(exact)) <= estimates.entries[i].radius);
      CHECK(estimates.entries[i].radius < 1e-8);
      different.insert(doubles.entries[i]);
    }
    CHECK(different.size() > 20);
  }
}

TEST_CASE("a row does not depend on the other inputs or on threads, to the bit") {
  for (const Words& words : all_words) {
    const Network n = random_network(words, 2);
    const Inputs inputs = all_inputs();
    const auto whole = logits<double>(n, inputs);
    for (const unsigned threads : {1u, 2u, 5u}) CHECK(logits<double>(n, inputs, threads).entries == whole.entries);
    Inputs few; // in another order, one twice
    few.tokens.resize(4);
    const std::size_t chosen[] = {80, 3, 3, 41};
    for (const std::size_t i : chosen)
      for (std::size_t p = 0; p < 4; ++p) few.tokens[p].push_back(inputs.tokens[p][i]);
    const auto part = logits<double>(n, few);
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t c = 0; c < 3; ++c) CHECK(part.row(i)[c] == whole.row(chosen[i])[c]);
  }
}

TEST_CASE("losses and margins, near and far from 0, and of one class") {
  Matrix<Interval> exact(4, 3);
  Matrix<double> doubles(4, 3);
  Matrix<Estimate> estimates(4, 3);
  const double values[4][3] = {{1, 2, 4}, {100, 0, -50}, {-700, 800, 0}, {2, 2, 2}};
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t c = 0; c < 3; ++c) {
      exact.row(i)[c] = enclose(values[i][c]);
      doubles.row(i)[c] = estimates.row(i)[c].middle = values[i][c];
    }
  const std::vector<Token> labels = {1, 0, 0, 2};
  const auto of_exact = losses(exact, labels);
  const auto of_doubles = losses(doubles, labels);
  const auto of_estimates = losses(estimates, labels);
  const double margins[] = {-2, 100, -1500, 0};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(of_doubles[i].margin == margins[i]);
    CHECK(middle_of(of_exact[i].margin) == margins[i]);
    CHECK(std::abs(of_doubles[i].loss - middle_of(of_exact[i].loss)) <= 1e-15 * of_doubles[i].loss);
    CHECK(std::abs(of_estimates[i].loss.middle - middle_of(of_exact[i].loss)) <= of_estimates[i].loss.radius);
  }
  CHECK(of_doubles[1].loss == doctest::Approx(3.720075976020836e-44).epsilon(1e-12));
  Matrix<double> one(1, 1);
  CHECK(losses(one, {0})[0].loss == 0);
}

TEST_CASE("the normal distribution, enclosed") {
  for (const double x : {-30.0, -3.0, -0.5, 0.0, 0.5, 3.0, 40.0}) {
    const Interval y = normal_cdf(enclose(x));
    CHECK(lower_double(y) <= 0.5 * std::erfc(-x / std::sqrt(2.0)) * (1 + 1e-12));
    CHECK(upper_double(y) >= 0.5 * std::erfc(-x / std::sqrt(2.0)) * (1 - 1e-12));
    CHECK(upper_double(y) - lower_double(y) <= 0x1p-51 * upper_double(y));
  }
  const Interval wide = normal_cdf(hull(enclose(-1), enclose(2)));
  CHECK(lower_double(wide) == doctest::Approx(0.15865525393145705));
  CHECK(upper_double(wide) == doctest::Approx(0.9772498680518208));
}

TEST_CASE("decimals are exact, in lowest terms, and within the format's limits") {
  struct Read {
    const char* text;
    std::uint64_t digits;
    unsigned places;
  };
  for (const Read& good : {Read{"0", 0, 0},
                           {"1e-5", 1, 5},
                           {"0.125", 125, 3},
                           {"1.50", 15, 1},
                           {"25e2", 2500, 0},
                           {"0.000000000000000000", 0, 0},
                           {"100e-20", 1, 18},
                           {"9223372036854775807e0", 0, 99},
                           {"922337203685477580.7", 9223372036854775807, 1}}) {
    CAPTURE(good.text);
    const auto read = parse_exact_decimal(good.text);
    if (good.places == 99) {
      CHECK_FALSE(read); // 19 digits before the point
      continue;
    }
    REQUIRE(read);
    CHECK(read->digits == good.digits);
    CHECK(read->places == good.places);
  }
  for (const char* bad : {"", ".5", "1.", "01", "-1", "+1", "1e", "1e+5", "1e--5", "1e123", "1e-19",
                          "922337203685477580.8", "0.0000000000000000001", " 1", "1 ", "1e-5x", "nan"})
    CHECK_FALSE_MESSAGE(parse_exact_decimal(bad), bad);
}

TEST_CASE("a norm with eps 0 of a row of variance 0 is refused") {
  const auto error = refusal([&] {
    Network n = random_network(all_words[0], 3);
    n.blocks[0].attention->norm->eps = Decimal{};
    n.tokens[0].weight.setConstant(1);
    n.position_table->table.setConstant(1);
    logits<double>(n, all_inputs());
  });
  REQUIRE(error);
  CHECK(error->exit == Exit::data);
  CHECK(std::string(error->what()).find("variance 0") != std::string::npos);
}
