#include "opened/choice.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace proofmark::opened;

TEST_CASE("what gains most for its operations is opened first, an input's own operations counted once") {
  ByGain choice({10, 1});
  choice.offer(3, 2.0, {{0, 0.1}, {4, 1.9}});
  choice.offer(5, 2.0, {{1, 0.9}, {2, 0.9}});
  choice.offer(9, 0.001, {{7, 0.001}});
  CHECK(choice.within(10).pairs.empty());
  CHECK(choice.within(11).pairs == std::vector<Pair>{{9, 7}}); // the classes of the others gain more together
  CHECK(choice.within(12).pairs == std::vector<Pair>{{3, 0}, {3, 4}});
  const ByGain::Chosen chosen = choice.within(24);
  CHECK(chosen.pairs == std::vector<Pair>{{3, 0}, {3, 4}, {5, 1}, {5, 2}});
  CHECK(chosen.operations == 24);
  CHECK(choice.within(1000).pairs.size() == 5);
}

TEST_CASE("what is chosen takes what it says, never more than there is, and gains what losses fall by") {
  std::mt19937_64 random(6);
  std::uniform_real_distribution<double> uniform;
  for (int trial = 0; trial < 50; ++trial) {
    const Cost cost{random() % 20, 1 + random() % 10};
    ByGain choice(cost);
    std::vector<std::pair<double, std::vector<double>>> inputs;
    for (std::uint64_t input = 0; input < 20; ++input) {
      double sum = 0.01;
      std::vector<ByGain::Candidate> candidates;
      std::vector<double> excess;
      for (std::uint16_t c = 0; c < 5; ++c) {
        excess.push_back(uniform(random) * uniform(random));
        candidates.push_back({c, excess.back()});
        sum += excess.back();
      }
      inputs.emplace_back(sum, excess);
      choice.offer(input, sum, candidates);
    }
    double before = 0;
    for (const std::uint64_t operations : {0, 15, 40, 100, 100000}) {
      const ByGain::Chosen chosen = choice.within(operations);
      const Counts counts = counts_of(chosen.pairs, 7);
      CHECK(chosen.operations <= operations);
      CHECK(chosen.operations == cost.input * counts.inputs + cost.one * counts.classes);
      std::vector<double> off(20);
      for (const Pair& pair : chosen.pairs) off[pair.input] += inputs[pair.input].second[pair.one];
      double gain = 0;
      for (std::size_t i = 0; i < 20; ++i) gain += std::log1p(inputs[i].first) - std::log1p(inputs[i].first - off[i]);
      CHECK(chosen.gain == doctest::Approx(gain).epsilon(1e-9));
      CHECK(chosen.gain >= before);
      before = chosen.gain;
    }
  }
}

TEST_CASE("rows, inputs and classes are counted, and written in order") {
  const std::vector<Pair> pairs{{2, 0}, {2, 5}, {3, 1}, {9, 0}};
  const Counts counts = counts_of(pairs, 4);
  CHECK(counts.rows == 2);
  CHECK(counts.inputs == 3);
  CHECK(counts.classes == 4);
  const proofmark::Witnesses written = witnesses(pairs);
  CHECK(written.at("opened-inputs").dtype == "uint32");
  CHECK(written.at("opened-inputs").shape == std::vector<std::uint64_t>{4});
  CHECK(written.at("opened-classes").dtype == "uint16");
  CHECK(witnesses({}).empty());
}
