// block-tables@1 from its certificate on: which descriptions, steps and witnesses it takes, each with a twin that it refuses, and what
// budgets suffice. What it establishes is asked in rules/any/block_tables_test.cpp.
#include "described.hpp"

#include "check/check.hpp"
#include "reading/number.hpp"

#include <doctest/doctest.h>

using namespace certificates;
using namespace verifier;

namespace {

Tree indices(const std::string& dtype, const std::vector<std::uint64_t>& shape, const std::vector<unsigned>& values) {
  Bytes bytes;
  const unsigned size = dtype == "uint8" ? 1 : dtype == "uint16" ? 2 : 4;
  for (const unsigned x : values)
    for (unsigned b = 0; b < size; ++b) bytes.push_back(static_cast<std::uint8_t>(x >> (8 * b)));
  return certificates::tensor(dtype, shape, bytes);
}

Tree step(std::uint64_t id, std::uint64_t from, std::uint64_t to) {
  return {{"id", id},
          {"rule", "block-tables@1"},
          {"inputs", {from, to}},
          {"loss", {"0x0p+0", "0x1p+100"}},
          {"correct", {0, to - from}},
          {"margin", "-0x1p+100"},
          {"operations", std::uint64_t{1} << 40}};
}

// Four left symbols (tokens 1 .. 4), three right ones; three neurons, three classes; two groups a side.
Tree good() {
  described::Model model;
  long x = 5;
  const auto draw = [&](std::vector<std::uint64_t> shape) {
    described::Stored stored{shape, {}};
    std::uint64_t count = 1;
    for (const std::uint64_t n : shape) count *= n;
    for (; count > 0; --count) stored.sixteenths.push_back(x = (x * 29 + 11) % 67 - 33);
    return stored;
  };
  const Tree tokens = {{{"weight", "L"}, {"layout", "tokens,width"}}, {{"weight", "R"}, {"layout", "tokens,width"}}};
  Tree tree = {
      {"format", "proofmark-certificate"},
      {"version", 2},
      {"claims", {{{"quantity", "accuracy"}, {"direction", "lower"}, {"bound", "0"}}}},
      {"task", {{"inputs", {{"ranges", {{1, 5}, {0, 3}}}}}, {"label", {{"name", "sum-modulo"}, {"modulus", 3}}}}},
      {"model",
       {{"architecture",
         {{"positions", 2},
          {"embedding", {{"tokens", tokens}}},
          {"blocks", Tree::array()},
          {"pool", "sum"},
          {"readout", {"relu", map("U", "in,out")}}}},
        {"tensors",
         {{"L", described::tensor(draw({5, 3}))},
          {"R", described::tensor(draw({3, 3}))},
          {"U", described::tensor(draw({3, 3}))}}}}},
      {"witnesses",
       {{"right-groups", indices("uint16", {3}, {0, 1, 0})},
        {"right-blocks", indices("uint16", {2, 3}, {0, 1, 0, 0, 1, 2})},
        {"right-tree", indices("uint16", {1, 2}, {1, 0})},
        {"right-fold", indices("uint16", {1}, {1})},
        {"left-groups", indices("uint16", {3}, {0, 1, 1})},
        {"left-blocks", indices("uint16", {2, 4}, {0, 1, 1, 0, 1, 0, 2, 2})},
        {"left-trees", indices("uint16", {1, 2}, {0, 1})},
        {"radii", indices("uint8", {4}, {0, 1, 1, 0})},
        {"opened-inputs", indices("uint32", {3}, {0, 5, 5})},
        {"opened-classes", indices("uint16", {3}, {2, 0, 1})}}},
      {"tables", {{"operations", std::uint64_t{1} << 40}}},
      {"steps", {step(0, 0, 6), step(1, 6, 12)}},
      {"provenance", Tree::object()}};
  seal(tree);
  return tree;
}

std::string answer(Tree tree, Engine engine = Engine::fast) {
  seal(tree);
  return told([&] { check(read(tree), {.engine = engine}); });
}
std::string with(const std::string& place, const Tree& value) {
  Tree tree = good();
  tree[Tree::json_pointer(place)] = value;
  return answer(tree);
}
std::string with_witness(const std::string& name, const Tree& value) {
  return with("/witnesses/" + name, value);
}
std::string without(std::initializer_list<const char*> witnesses) {
  Tree tree = good();
  for (const char* name : witnesses) tree["witnesses"].erase(name);
  return answer(tree);
}

} // namespace

TEST_CASE("block-tables: both engines accept the same, for what was performed, and one operation less is not enough") {
  Tree tree = good();
  const Result fast = check(read(tree), {.engine = Engine::fast}),
               reference = check(read(tree), {.engine = Engine::reference, .threads = 2});
  CHECK(fast.operations == reference.operations);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK_FALSE(fast.steps[i].by_reference);
    CHECK(reference.steps[i].established.loss_lower() <= *fast.steps[i].established.loss_upper());
    tree["steps"][i]["operations"] = sum(fast.steps[i].operations);
  }
  tree["tables"]["operations"] = sum(fast.tables);
  CHECK(answer(tree) == "none");
  CHECK(answer(tree, Engine::reference) == "none");
  for (const char* place : {"/tables/operations", "/steps/0/operations", "/steps/1/operations"}) {
    Tree less = tree;
    auto& operations = less[Tree::json_pointer(place)];
    operations = operations.get<std::uint64_t>() - 1;
    CHECK(answer(less) == std::string("operations-budget at ") + place);
    CHECK(answer(less, Engine::reference) == std::string("operations-budget at ") + place);
  }
  // How rows are cut into steps changes no charge.
  const std::uint64_t whole = sum(fast.steps[0].operations) + sum(fast.steps[1].operations);
  tree["steps"] = {step(0, 0, 3), step(1, 3, 12)};
  const Result cut = check(read(tree), {.threads = 2});
  CHECK(sum(cut.steps[0].operations) + sum(cut.steps[1].operations) == whole);
}

TEST_CASE("block-tables: what a step declares must be shown, to the last step of 2^-60") {
  Tree tree = good();
  const Established found = check(read(tree), {.engine = Engine::reference}).steps[0].established;
  const mpz_class lower = found.at_least.lower, upper = found.at_most->upper, margin = *found.margin->lower;
  REQUIRE(lower > 0);
  const auto hexadecimal_of = [](const mpz_class& steps) { return hexadecimal(in_nats(steps)); };
  const auto declared = [&](const mpz_class& lo, const mpz_class& hi, const mpz_class& least) {
    tree["steps"][0]["loss"] = {hexadecimal_of(lo), hexadecimal_of(hi)};
    tree["steps"][0]["margin"] = hexadecimal_of(least);
    return answer(tree, Engine::reference);
  };
  CHECK(declared(lower, upper, margin) == "none");
  CHECK(answer(tree) == "none"); // the fast engine leaves it to the reference
  CHECK(declared(lower + 1, upper, margin) == "loss-lower at /steps/0/loss/0");
  CHECK(declared(lower, upper - 1, margin) == "loss-upper at /steps/0/loss/1");
  CHECK(declared(lower, upper, margin + 1) == "margin at /steps/0/margin");
  CHECK(answer(tree) == "margin at /steps/0/margin");
}

TEST_CASE("block-tables: descriptions and inputs that are not of its form") {
  CHECK(answer(good()) == "none");
  const auto described = [](const std::string& key, const Tree& value) {
    return with("/model/architecture/" + key, value);
  };
  const Tree u = map("U", "in,out");
  CHECK(described("readout", {"tanh", u}) == "none");
  CHECK(described("readout", {u, "silu", u}) == "none");
  CHECK(described("readout", {"gelu", u, u}) == "none");
  const std::string refused = "rule-task at /steps/0/rule";
  CHECK(described("readout", {"gelu-tanh", u}) == refused);
  CHECK(described("readout", Tree::array({u})) == refused);
  CHECK(described("readout", {"relu", u, "relu", u}) == refused);
  CHECK(described("readout", {u, "relu"}) == refused);
  CHECK(described("readout", {{{"layer", {{"eps", "0.1"}}}}, "relu", u}) == refused);
  CHECK(described("norm", {{"layer", {{"eps", "0.1"}}}}) == refused);
  CHECK(described("pool", "mean") == refused);
  CHECK(described("pool", "last") == refused);
  CHECK(described("blocks", Tree::array({{{"mlp", {{"in", u}, {"activation", "relu"}, {"out", u}}}}})) == refused);
  Tree placed = good();
  placed["model"]["tensors"]["P"] = described::tensor({{2, 3}, {1, 2, 3, 4, 5, 6}});
  placed["model"]["architecture"]["embedding"]["positions"] = "P";
  CHECK(answer(placed) == "none");
  placed["model"]["architecture"]["embedding"]["positions"] = {{"tensor", "P"}, {"to", "scores"}};
  CHECK(answer(placed) == refused);
  Tree listed = good();
  listed["task"]["inputs"] = {
      {"list", indices("uint8", {12, 2}, {1, 0, 1, 1, 1, 2, 2, 0, 2, 1, 2, 2, 3, 0, 3, 1, 3, 2, 4, 0, 4, 1, 4, 2})}};
  CHECK(answer(listed) == refused);
}

TEST_CASE("block-tables: steps are whole rows") {
  const auto cut = [](std::uint64_t at) {
    Tree tree = good();
    tree["steps"] = {step(0, 0, at), step(1, at, 12)};
    return answer(tree);
  };
  CHECK(cut(3) == "none");
  CHECK(cut(9) == "none");
  CHECK(cut(4) == "step-blocks at /steps/0/inputs");
  CHECK(cut(5) == "step-blocks at /steps/0/inputs");
}

TEST_CASE("block-tables: groups, blocks, trees, kinds and folds, each with its twin") {
  const auto fault = [](const std::string& name, const std::string& reason) {
    return reason + " at /witnesses/" + name;
  };
  // Groups: each neuron has one, and each one occurs.
  CHECK(with_witness("right-groups", indices("uint16", {3}, {1, 1, 0})) == "none");
  CHECK(with_witness("right-groups", indices("uint16", {3}, {0, 2, 0})) == fault("right-groups", "witness-value"));
  CHECK(with_witness("right-groups", indices("uint16", {3}, {1, 1, 1})) == fault("right-groups", "witness-value"));
  CHECK(with_witness("right-groups", indices("uint16", {3}, {0, 3, 0})) == fault("right-groups", "witness-value"));
  CHECK(with_witness("right-groups", indices("uint16", {2}, {0, 1})) == fault("right-groups/shape", "witness-shape"));
  CHECK(with_witness("right-groups", indices("uint8", {3}, {0, 1, 0})) == fault("right-groups/dtype", "witness-shape"));
  CHECK(with_witness("right-groups", indices("uint16", {3}, {0, 0, 0})) ==
        fault("right-blocks/shape", "witness-shape"));
  // Blocks.
  CHECK(with_witness("right-blocks", indices("uint16", {2, 3}, {0, 0, 0, 2, 1, 0})) == "none");
  CHECK(with_witness("right-blocks", indices("uint16", {2, 3}, {0, 2, 0, 0, 1, 2})) ==
        fault("right-blocks", "witness-value"));
  CHECK(with_witness("right-blocks", indices("uint16", {2, 3}, {0, 1, 0, 1, 2, 2})) ==
        fault("right-blocks", "witness-value"));
  CHECK(with_witness("right-blocks", indices("uint16", {2, 3}, {0, 1, 0, 0, 1, 65535})) ==
        fault("right-blocks", "witness-value"));
  CHECK(with_witness("right-blocks", indices("uint16", {2, 2}, {0, 1, 0, 1})) ==
        fault("right-blocks/shape", "witness-shape"));
  CHECK(with_witness("left-blocks", indices("uint16", {2, 3}, {0, 1, 1, 1, 0, 2})) ==
        fault("left-blocks/shape", "witness-shape"));
  CHECK(with_witness("left-blocks", indices("uint16", {2, 4}, {0, 1, 1, 0, 1, 0, 3, 3})) ==
        fault("left-blocks", "witness-value"));
  // Trees.
  CHECK(with_witness("right-tree", indices("uint16", {1, 2}, {0, 1})) == "none");
  for (const std::vector<unsigned>& nodes : std::vector<std::vector<unsigned>>{{0, 0}, {0, 2}, {2, 1}, {0, 65535}}) {
    CHECK(with_witness("right-tree", indices("uint16", {1, 2}, nodes)) == fault("right-tree", "witness-value"));
    CHECK(with_witness("left-trees", indices("uint16", {1, 2}, nodes)) == fault("left-trees", "witness-value"));
  }
  CHECK(with_witness("right-tree", indices("uint16", {2, 2}, {0, 1, 2, 0})) ==
        fault("right-tree/shape", "witness-shape"));
  CHECK(with_witness("left-trees", indices("uint16", {2, 2}, {0, 1, 0, 1})) ==
        fault("left-trees/shape", "witness-shape"));
  // Folds: any node but the root.
  CHECK(with_witness("right-fold", indices("uint16", {1}, {0})) == "none");
  CHECK(with_witness("right-fold", indices("uint16", {1}, {2})) == fault("right-fold", "witness-value"));
  CHECK(with_witness("right-fold", indices("uint16", {2}, {0, 1})) == fault("right-fold/shape", "witness-shape"));
  // Kinds: of each right group, then of each left one.
  CHECK(with_witness("radii", indices("uint8", {4}, {1, 1, 1, 1})) == "none");
  CHECK(with_witness("radii", indices("uint8", {4}, {1, 2, 1, 1})) == fault("radii", "witness-value"));
  CHECK(with_witness("radii", indices("uint8", {2}, {1, 1})) == fault("radii/shape", "witness-shape"));
}

TEST_CASE("block-tables: witnesses that come together") {
  const std::string missing = "witness-missing at /witnesses";
  CHECK(without({"right-fold"}) == "none");
  CHECK(without({"opened-inputs", "opened-classes"}) == "none");
  CHECK(without({"opened-inputs"}) == missing);
  for (const char* name :
       {"right-groups", "right-blocks", "right-tree", "left-groups", "left-blocks", "left-trees", "radii"})
    CHECK(without({name}) == missing);
  CHECK(without({"left-groups", "left-blocks"}) == missing);
  CHECK(without({"left-groups", "left-trees"}) == missing);
  CHECK(without({"left-blocks", "left-trees"}) == missing);
  Tree one_sided = good();
  for (const char* name : {"left-groups", "left-blocks", "left-trees"}) one_sided["witnesses"].erase(name);
  CHECK(answer(one_sided) == "witness-shape at /witnesses/radii/shape");
  one_sided["witnesses"]["radii"] = indices("uint8", {2}, {0, 1});
  CHECK(answer(one_sided) == "none");

  Tree one_group = good(); // on both sides: no tree, no fold
  Tree& w = one_group["witnesses"];
  w["right-groups"] = w["left-groups"] = indices("uint16", {3}, {0, 0, 0});
  w["right-blocks"] = indices("uint16", {1, 3}, {0, 1, 1});
  w["left-blocks"] = indices("uint16", {1, 4}, {0, 1, 1, 0});
  w["radii"] = indices("uint8", {2}, {0, 1});
  CHECK(answer(one_group) == "witness-unused at /witnesses");
  w.erase("right-tree");
  CHECK(answer(one_group) == "witness-value at /witnesses/right-fold");
  w.erase("right-fold");
  CHECK(answer(one_group) == "witness-unused at /witnesses");
  w.erase("left-trees");
  CHECK(answer(one_group) == "none");
}

TEST_CASE("block-tables: opened classes are pairs in ascending order, of inputs and classes that there are") {
  const auto opened = [](const std::vector<unsigned>& inputs, const std::vector<unsigned>& classes) {
    Tree tree = good();
    tree["witnesses"]["opened-inputs"] = indices("uint32", {inputs.size()}, inputs);
    tree["witnesses"]["opened-classes"] = indices("uint16", {classes.size()}, classes);
    return answer(tree);
  };
  CHECK(opened({0, 0, 11}, {0, 2, 2}) == "none");
  CHECK(opened({0, 0, 11}, {0, 0, 2}) == "witness-value at /witnesses/opened-inputs");
  CHECK(opened({0, 0, 11}, {2, 0, 2}) == "witness-value at /witnesses/opened-inputs");
  CHECK(opened({1, 0, 11}, {0, 1, 2}) == "witness-value at /witnesses/opened-inputs");
  CHECK(opened({0, 0, 12}, {0, 2, 2}) == "witness-value at /witnesses/opened-inputs");
  CHECK(opened({0, 0, 11}, {0, 2, 3}) == "witness-value at /witnesses/opened-classes");
  CHECK(opened({0, 1}, {0}) == "witness-shape at /witnesses/opened-classes/shape");
}

TEST_CASE(
    "block-tables: numbers beyond doubles are the reference engine's, and the label that is opened changes nothing") {
  Tree tree = good();
  tree["steps"] = {step(0, 0, 12)};
  const auto loss = [](const Tree& of) {
    const Result result = check(read(of), {});
    return *result.steps[0].established.loss_upper();
  };
  Tree opened = tree;
  opened["witnesses"]["opened-inputs"] = indices("uint32", {4}, {0, 0, 5, 5}); // input 0 has the label 1
  opened["witnesses"]["opened-classes"] = indices("uint16", {4}, {1, 2, 0, 1});
  CHECK(loss(opened) == loss(tree));
  for (const int exponent : {1000, -1000}) {
    Tree large = tree;
    std::vector<double> entries;
    for (int i = 0; i < 9; ++i) entries.push_back(std::ldexp((i * 5) % 7 - 3, exponent));
    Bytes bytes;
    for (const double x : entries)
      for (int b = 0; b < 8; ++b)
        bytes.push_back(static_cast<std::uint8_t>(std::bit_cast<std::uint64_t>(x) >> (8 * b)));
    large["model"]["tensors"]["R"] = certificates::tensor("float64", {3, 3}, bytes);
    large["steps"][0].erase("loss"); // an exponential of such numbers has no end
    large["steps"][0]["margin"] = "-0x1p+1100";
    seal(large);
    const Result result = check(read(large), {});
    CHECK(result.steps[0].by_reference);
  }
}
