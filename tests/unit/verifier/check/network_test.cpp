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
    if (!example.margin || margin < *example.margin)
      example.next = example.margin, example.margin = margin;
    else if (!example.next || margin < *example.next)
      example.next = margin;
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

// ---- one network, whose margins are known -----------------------------------------------------------------------------

namespace {

// Inputs of one token; token t has the logits (silu(t mod 4 + 1), 0) and the label 0.
Tree scores(std::uint64_t V, const Tree& inputs, const std::string& margin) {
  described::Model model;
  model["E"] = {{V, 1}, {}};
  for (std::uint64_t t = 0; t < V; ++t) model["E"].sixteenths.push_back(static_cast<long>(16 * (t % 4 + 1)));
  const Tree head = {{"weight", "U"}, {"layout", "in,out"}};
  const std::uint64_t N = inputs.contains("list") ? inputs["list"]["shape"][0].get<std::uint64_t>() : V;
  Tree one_step = step(0, 0, N, true);
  one_step["margin"] = margin;
  Tree tree = {{"format", "proofmark-certificate"},
               {"version", 2},
               {"claims", {{{"quantity", "accuracy"}, {"direction", "lower"}, {"bound", "0"}}}},
               {"task", {{"inputs", inputs}, {"label", {{"table", certificates::tensor("uint8", {N}, Bytes(N))}}}}},
               {"model",
                {{"architecture",
                  {{"positions", 1},
                   {"embedding", {{"tokens", {{"weight", "E"}, {"layout", "tokens,width"}}}}},
                   {"blocks", Tree::array()},
                   {"pool", "last"},
                   {"readout", {"silu", head}}}},
                 {"tensors", {{"E", described::tensor(model["E"])}, {"U", described::tensor({{1, 2}, {16, 0}})}}}}},
               {"witnesses", Tree::object()},
               {"tables", {{"operations", std::uint64_t{1} << 40}}},
               {"steps", Tree::array({one_step})},
               {"provenance", Tree::object()}};
  seal(tree);
  return tree;
}
Tree ranges_of(std::uint64_t V) {
  return {{"ranges", Tree::array({{0, V}})}};
}
// silu(1) = 0.731058578630004879.., the least margin: the doubles around it.
constexpr const char *below_silu = "0x1.764d4f5d5a2bcp-1", *above_silu = "0x1.764d4f5d5a2bdp-1";

} // namespace

TEST_CASE("a margin that doubles leave open is decided by the reference, input by input") {
  const Certificate certificate = read(scores(8, ranges_of(8), below_silu));
  const Result fast = check(certificate, {.engine = Engine::fast}),
               reference = check(certificate, {.engine = Engine::reference});
  CHECK(fast.steps[0].by_reference);
  CHECK(in_nats(*fast.steps[0].established.margin->lower) >= *certificate.steps[0].margin);
  CHECK(*fast.steps[0].established.margin->lower ==
        *reference.steps[0].established.margin->lower); // of two inputs, the same one
  CHECK(fast.steps[0].established.correct_at_least == 8);
  CHECK(fast.operations == reference.operations); // the second look is not charged
  // The loss is the fast engine's.
  CHECK(fast.steps[0].established.at_most->upper - fast.steps[0].established.at_least.lower >
        reference.steps[0].established.at_most->upper - reference.steps[0].established.at_least.lower);
  CHECK(told([] { check(read(scores(8, ranges_of(8), above_silu)), {}); }) == "margin at /steps/0/margin");
  CHECK(told([] { check(read(scores(8, ranges_of(8), "0x1p-1")), {}); }) == "none");
}

TEST_CASE("beyond so many open inputs the whole step is the reference's") {
  for (const std::size_t copies : {1024, 1025}) { // of token 0
    const Tree list = {{"list", certificates::tensor("uint8", {copies, 1}, Bytes(copies))}};
    const Certificate certificate = read(scores(4, list, below_silu));
    const Result result = check(certificate, {.threads = 2});
    CHECK(result.steps[0].by_reference);
    const Established& found = result.steps[0].established;
    const mpq_class width = in_nats(found.at_most->upper - found.at_least.lower);
    CHECK((width < mpq_class(1, mpz_class(1) << 48)) == (copies > 1024)); // whose loss it is
    CHECK(found.correct_at_least == copies);
  }
}

TEST_CASE("steps, units and threads change no charge but that of batches that are cut") {
  Tree tree = scores(3000, ranges_of(3000), "0x0p+0");
  const auto performed = [&](const std::vector<std::uint64_t>& ends, unsigned threads) {
    Tree cut = tree;
    cut["steps"] = Tree::array();
    std::uint64_t from = 0;
    for (const std::uint64_t to : ends) cut["steps"].push_back(step(cut["steps"].size(), from, to, true)), from = to;
    seal(cut);
    const Result result = check(read(cut), {.threads = threads});
    mpz_class correct;
    std::uint64_t length = 0;
    for (const StepResult& step : result.steps)
      correct += step.established.correct_at_least, length += sum(step.operations);
    CHECK(correct == 3000);
    return length;
  };
  const std::uint64_t whole = performed({3000}, 1);
  CHECK(performed({3000}, 3) == whole);
  CHECK(performed({1024, 3000}, 2) == whole);
  CHECK(performed({2048, 3000}, 1) == whole);
  CHECK(performed({1500, 3000}, 2) > whole);
}

TEST_CASE("inputs without a label are refused where a step meets them, whatever thread does") {
  Tree tree = scores(3, ranges_of(3), "-0x1p+3");
  tree["model"]["architecture"]["positions"] = 2;
  tree["task"] = {{"inputs", {{"ranges", {{0, 3}, {0, 3}}}}}, {"label", {{"name", "induction"}}}};
  tree["steps"] = Tree::array({step(0, 0, 9, true)});
  Tree two = tree; // labels of ranges: at most 2
  two["model"]["tensors"]["U"] = described::tensor({{1, 3}, {16, 0, 0}});
  seal(tree), seal(two);
  CHECK(told([&] { read(tree); }) == "label-range at /task/label");
  for (const Engine engine : {Engine::fast, Engine::reference})
    for (const unsigned threads : {1u, 3u}) {
      std::string found;
      try {
        check(read(two), {.engine = engine, .threads = threads});
      } catch (const Failure& failure) {
        found = std::string(failure.reason.code) + " at " + failure.pointer + ": " + failure.found;
      }
      CHECK(found == "task-label at /task/label: input 1 (0, 1)");
    }
}

TEST_CASE("a norm of a row that does not vary has no value without an eps") {
  Tree tree = scores(3, ranges_of(3), "-0x1p+3");
  const auto told_with = [&](const char* kind, const char* eps) {
    Tree with = tree;
    with["model"]["architecture"]["norm"] = {{kind, {{"eps", eps}}}};
    seal(with);
    std::string found = "none";
    try {
      check(read(with), {});
    } catch (const Failure& failure) {
      found = std::string(failure.reason.code) + " at " + failure.pointer + (failure.hint.empty() ? "" : ", hint");
    }
    return found;
  };
  CHECK(told_with("layer", "0") == "limit-logit-range at /steps/0, hint"); // a row of one number
  CHECK(told_with("layer", "1e-18") == "none");
  CHECK(told_with("rms", "0") == "none"); // 1, 2, ..
}
