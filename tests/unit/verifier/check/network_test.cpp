// enumeration@1 for any description: networks of the whole vocabulary, drawn at random, from their JSON to what is established, against
// every input by definition.
#include "described.hpp"

#include "check/check.hpp"

#include <doctest/doctest.h>

using namespace certificates;
using described::Big, described::Definition, described::Drawing;
using namespace verifier;

namespace {

struct Example {
  Tree tree;
  mpq_class loss = 0; // all to some 390 bits
  mpz_class correct = 0;
  std::optional<mpq_class> margin, next; // the least, and the next one
  std::size_t ties = 0;
};

Tree step(std::uint64_t id, std::uint64_t from, std::uint64_t to, bool has_margin) {
  Tree step = {{"id", id},
               {"rule", "enumeration@1"},
               {"inputs", {from, to}},
               {"loss", {"0x0p+0", "0x1p+100"}},
               {"correct", {0, to - from}},
               {"operations", std::uint64_t{1} << 40}};
  if (has_margin) step["margin"] = "-0x1p+100";
  return step;
}

// All inputs, as ranges or as a list in another order with some of them twice, and labels by a table.
Example example(unsigned seed) {
  Drawing draw(seed);
  const Tree architecture = draw.architecture();
  const std::size_t n = architecture["positions"];
  std::vector<std::vector<std::uint64_t>> inputs;
  std::vector<std::uint64_t> t(n);
  do inputs.emplace_back(t.rbegin(), t.rend()); // the last position fastest
  while (truth::next_input(t, draw.vocabulary));
  const bool listed = draw.seldom();
  if (listed) {
    for (std::size_t more = draw.below(3); more > 0; --more) inputs.push_back(inputs[draw.below(inputs.size())]);
    std::swap(inputs.front(), inputs.back());
  }
  Tree ranges = Tree::array();
  Bytes rows, labels;
  for (std::size_t i = 0; i < n; ++i) ranges.push_back({0, draw.vocabulary});
  Example example;
  const Definition definition{architecture, draw.model};
  for (const auto& input : inputs) {
    const described::Row z = definition.logits(input);
    const std::size_t y = draw.below(draw.classes);
    labels.push_back(static_cast<std::uint8_t>(y));
    rows.insert(rows.end(), input.begin(), input.end());
    std::vector<Big> beyond;
    for (std::size_t c = 0; c < z.size(); ++c)
      if (c != y) beyond.push_back(z[c] - z[y]);
    example.loss += truth::loss(beyond).rational();
    if (beyond.empty()) {
      example.correct += 1;
      continue;
    }
    const mpq_class margin = -std::ranges::max_element(beyond, [](auto& a, auto& b) { return a < b; })->rational();
    const bool is_tie = abs(margin) < mpq_class(1, mpz_class(1) << 200);
    example.ties += is_tie ? 1 : 0;
    example.correct += !is_tie && margin > 0 ? 1 : 0;
    if (!example.margin || margin < *example.margin) example.next = example.margin, example.margin = margin;
    else if (!example.next || margin < *example.next) example.next = margin;
  }
  Tree tensors = Tree::object();
  for (const auto& [name, stored] : draw.model) tensors[name] = described::tensor(stored);
  // Where a list of token maps took its place, the one map is not used.
  const std::string used = architecture.dump();
  for (const auto& [name, stored] : draw.model)
    if (used.find('"' + name + '"') == std::string::npos) tensors.erase(name);
  const std::uint64_t N = inputs.size(), half = N / 2;
  Tree steps = Tree::array();
  if (half > 0) steps.push_back(step(0, 0, half, draw.classes > 1));
  steps.push_back(step(steps.size(), half, N, draw.classes > 1));
  example.tree = {
      {"format", "proofmark-certificate"},
      {"version", 2},
      {"claims", {{{"quantity", "accuracy"}, {"direction", "lower"}, {"bound", "0"}}}},
      {"task",
       {{"inputs", listed ? Tree{{"list", certificates::tensor("uint8", {N, n}, rows)}} : Tree{{"ranges", ranges}}},
        {"label", {{"table", certificates::tensor("uint8", {N}, labels)}}}}},
      {"model", {{"architecture", architecture}, {"tensors", tensors}}},
      {"witnesses", Tree::object()},
      {"tables", {{"operations", std::uint64_t{1} << 40}}},
      {"steps", steps},
      {"provenance", Tree::object()}};
  seal(example.tree);
  return example;
}

mpq_class in_steps(const mpz_class& x) {
  return in_nats(x);
}

} // namespace

TEST_CASE("networks of the whole vocabulary: every input by definition, both engines") {
  std::size_t classes_of_one = 0, ties = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    const Example e = example(seed);
    CAPTURE(e.tree["model"]["architecture"].dump());
    const Certificate certificate = read(e.tree);
    for (const Engine engine : {Engine::fast, Engine::reference}) {
      CAPTURE(std::string(name(engine)));
      const Result result = check(certificate, {.engine = engine, .threads = 2});
      mpq_class lower = 0, upper = 0;
      mpz_class least = 0, most = 0;
      kernel::Least margin;
      for (const StepResult& step : result.steps) {
        CHECK_FALSE(step.by_reference); // nothing tight is declared
        lower += step.established.loss_lower(), upper += *step.established.loss_upper();
        least += step.established.correct_at_least, most += step.established.correct_at_most;
        if (step.established.margin) margin.add(*step.established.margin);
      }
      const mpq_class close(1, engine == Engine::fast ? mpz_class(1'000'000'000) : mpz_class(mpz_class(1) << 50));
      const mpq_class blur = truth::blur(e.loss);
      CHECK(lower <= e.loss + blur);
      CHECK(e.loss - blur <= upper);
      CHECK(upper - lower < close);
      CHECK(least <= e.correct);
      CHECK(e.correct <= most);
      CHECK(most - least <= e.ties); // all else is decided
      REQUIRE(margin.lower.has_value() == e.margin.has_value());
      if (e.margin) {
        const mpq_class around = truth::blur(*e.margin);
        CHECK(in_steps(*margin.lower) <= *e.margin + around);
        CHECK(*e.margin - around <= in_steps(*margin.upper));
        CHECK(in_steps(*margin.upper - *margin.lower) < close);
      }
    }
    classes_of_one += certificate.classes == 1 ? 1 : 0, ties += e.ties;
  }
  CHECK(classes_of_one > 10);
  CHECK(ties > 10);
}
