// Every difference of two logits lies between the bounds, for any groups, kinds and folds, of any network that the rule takes.
#include "block_tables/differences.hpp"
#include "block_tables/groups.hpp"
#include "networks/evaluate.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <random>

using namespace proofmark;
using namespace proofmark::block_tables;

namespace {

Tensor tensor(std::mt19937_64& random, const std::string& name, std::vector<std::uint64_t> shape) {
  std::uint64_t count = 1;
  for (const std::uint64_t dimension : shape) count *= dimension;
  Tensor result{name, DType::float64, std::move(shape), std::vector<std::uint8_t>(8 * count)};
  std::normal_distribution<double> normal;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double x = normal(random);
    std::memcpy(result.bytes.data() + 8 * i, &x, 8);
  }
  return result;
}

// Three positions of 5, 4 and 1 tokens; maps with biases before and after the activation.
networks::Network three_positions(std::mt19937_64& random, const std::string& activation) {
  const std::string text =
      R"({"positions":3,"embedding":{"tokens":[{"weight":"e","layout":"tokens,width","bias":"eb"},)"
      R"({"weight":"f","layout":"tokens,width"},{"weight":"e","layout":"tokens,width"}],"positions":"p"},)"
      R"("blocks":[],"pool":"sum","readout":[{"weight":"a","layout":"in,out","bias":"ab"},)"
      R"({"weight":"b","layout":"in,out","bias":"bb"},")" +
      activation + R"(",{"weight":"c","layout":"out,in","bias":"cb"},{"weight":"d","layout":"in,out","bias":"db"}]})";
  std::vector<Tensor> tensors;
  for (const auto& [name, shape] : std::vector<std::pair<std::string, std::vector<std::uint64_t>>>{{"e", {5, 3}},
                                                                                                   {"eb", {3}},
                                                                                                   {"f", {4, 3}},
                                                                                                   {"p", {3, 3}},
                                                                                                   {"a", {3, 4}},
                                                                                                   {"ab", {4}},
                                                                                                   {"b", {4, 6}},
                                                                                                   {"bb", {6}},
                                                                                                   {"c", {5, 6}},
                                                                                                   {"cb", {5}},
                                                                                                   {"d", {5, 4}},
                                                                                                   {"db", {4}}})
    tensors.push_back(tensor(random, name, shape));
  return networks::network(networks::read_description(text, "the test's description"), tensors);
}

const Domain domain{3, {{0, 5}, {1, 4}, {2, 3}}};

Side random_side(std::mt19937_64& random, std::size_t neurons, std::size_t symbols) {
  std::vector<Group> groups(1 + random() % 3);
  for (Group& group : groups) {
    const std::uint32_t blocks = 1 + static_cast<std::uint32_t>(random() % symbols);
    std::vector<std::uint32_t> labels(symbols);
    for (std::uint32_t& label : labels) label = static_cast<std::uint32_t>(random() % blocks);
    const Partition partition = named_in_order(labels);
    group = {{}, partition.blocks, partition.count, random() % 2 == 0};
  }
  for (std::uint32_t j = 0; j < neurons; ++j) groups[random() % groups.size()].neurons.push_back(j);
  std::erase_if(groups, [](const Group& group) { return group.neurons.empty(); });
  return groups;
}

} // namespace

TEST_CASE("additive networks compute what their descriptions say") {
  std::mt19937_64 random(2);
  for (const char* activation : {"relu", "tanh", "silu", "gelu"}) {
    const networks::Network network = three_positions(random, activation);
    REQUIRE(why_not(network, domain) == "");
    const Additive of = additive(network, domain);
    REQUIRE(of.left.rows() == 5);
    REQUIRE(of.right.rows() == 3);
    networks::Inputs inputs{std::vector<std::vector<Token>>(3)};
    for (Token x = 0; x < 5; ++x)
      for (Token y = 1; y < 4; ++y)
        inputs.tokens[0].push_back(x), inputs.tokens[1].push_back(y), inputs.tokens[2].push_back(2);
    const auto logits = networks::logits<double>(network, inputs);
    for (std::size_t x = 0; x < 5; ++x) {
      Exactly exactly(of, x);
      for (std::size_t y = 0; y < 3; ++y)
        for (std::uint16_t c = 0; c < 4; ++c)
          CHECK(exactly(y, c, 1) ==
                doctest::Approx(logits.row(3 * x + y)[c] - logits.row(3 * x + y)[1]).epsilon(1e-12));
    }
  }
}

TEST_CASE("the exact differences lie between the bounds") {
  std::mt19937_64 random(3);
  int loose = 0;
  for (const char* activation : {"relu", "tanh", "silu", "gelu"})
    for (int trial = 0; trial < 40; ++trial) {
      const networks::Network network = three_positions(random, activation);
      const Additive of = additive(network, domain);
      Side left;
      if (trial % 3 != 0) left = random_side(random, 6, 5);
      const Form made = form(random_side(random, 6, 3), left, trial % 2 == 0);
      const Bounds bounds(of, made);
      const double off = room(of);
      CHECK(off < 1e-9);
      bool told = false;
      for (std::size_t x = 0; x < 5; ++x) {
        const std::vector<std::uint16_t> labels{0, static_cast<std::uint16_t>(random() % 4), 3};
        const Differences d = differences(bounds, x, labels);
        Exactly exactly(of, x);
        for (std::size_t y = 0; y < 3; ++y)
          for (std::uint16_t c = 0; c < 4; ++c) {
            const auto row = static_cast<Eigen::Index>(y);
            const double exact = exactly(y, c, labels[y]);
            CHECK(d.lower(row, c) <= exact + off);
            CHECK(d.upper(row, c) >= exact - off);
            told = told || d.upper(row, c) > exact + 1e-6;
          }
      }
      loose += told ? 1 : 0;
    }
  CHECK(loose > 120); // random blocks leave something, nearly always
}

TEST_CASE("a block for every symbol leaves nothing") {
  std::mt19937_64 random(4);
  const Additive of = additive(three_positions(random, "relu"), domain);
  const Group every_right{{0, 1, 2, 3, 4, 5}, {0, 1, 2}, 3}, every_left{{0, 1, 2, 3, 4, 5}, {0, 1, 2, 3, 4}, 5};
  const Form made = form({every_right}, {every_left}, false);
  const Bounds bounds(of, made);
  const Differences d = differences(bounds, 2, std::vector<std::uint16_t>{1, 1, 2});
  CHECK((d.upper - d.lower).maxCoeff() < room(of));
}

TEST_CASE("what the rule does not take is said") {
  std::mt19937_64 random(5);
  networks::Network network = three_positions(random, "relu");
  CHECK(why_not(network, {3, {}, {0, 1, 2}}).find("list") != std::string::npos);
  network.pool.kind = networks::Pool::Kind::mean;
  CHECK(why_not(network, domain).find("pool") != std::string::npos);
  network = three_positions(random, "gelu-tanh");
  CHECK(why_not(network, domain).find("gelu-tanh") != std::string::npos);
  network.readout.pop_back(), network.readout.pop_back();
  CHECK(why_not(network, domain).find("no map after") != std::string::npos);
}

TEST_CASE(
    "columns with the same levels are one group, whatever the noise; a neuron without a list goes where it fits") {
  MatrixD columns(6, 4);
  columns << 1, 0, 5, 1, //
      1.01, 0, 5, 2,     //
      2, 3, 5, 3,        //
      2.01, 3, 5, 4,     //
      1, 0, 5, 5,        //
      2, 3, 5, 6;
  const std::vector<bool> live{true, true, true, true};
  const Side found = groups(columns, live, {.gap = 0.15, .slack = 0});
  REQUIRE(found.size() == 2); // all levels; one level. Two levels are coarser than six
  CHECK(found[0].neurons == std::vector<std::uint32_t>{0, 1, 3});
  CHECK(found[1].neurons == std::vector<std::uint32_t>{2});
  CHECK(found[1].count == 1);

  explanations::Side said;
  said.partitions.push_back({"halves", {0, 0, 1, 1, 0, 1}, {}});
  said.partitions.push_back({"pairs", {0, 0, 1, 1, 2, 2}, {}});
  said.partitions.push_back({"list", {0, 1, 2, 3, 4, 5}, std::vector<std::uint64_t>{2}});
  const Side fitted = groups(columns, live, {}, said);
  REQUIRE(fitted.size() == 3);
  CHECK(fitted[0].neurons == std::vector<std::uint32_t>{0, 1});
  CHECK(fitted[1].neurons == std::vector<std::uint32_t>{3});
  CHECK(fitted[2].neurons == std::vector<std::uint32_t>{2});
  said.search = true; // for the one that no partition fits
  CHECK(groups(columns, live, {}, said).size() == 3);
  said.partitions.pop_back(), said.partitions.pop_back();
  const Side searched = groups(columns, live, {.gap = 0.15, .slack = 0}, said);
  REQUIRE(searched.size() == 3); // those that fit; six levels; one
  CHECK(searched[1].neurons == std::vector<std::uint32_t>{3});
  CHECK(searched[1].count == 6);
}
