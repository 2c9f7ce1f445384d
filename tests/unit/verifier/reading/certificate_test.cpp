// A certificate as a whole: what is read of it, and every condition on claims, steps and budgets.
#include "certificates.hpp"

#include "reading/limits.hpp"

#include <doctest/doctest.h>

using namespace certificates;
using verifier::Certificate, verifier::Direction, verifier::Parts, verifier::Quantity;

TEST_CASE("a certificate is read as it stands") {
  const Certificate read = certificates::read(token_sum());
  REQUIRE(read.claims.size() == 2);
  CHECK(read.claims[0].quantity == Quantity::cross_entropy);
  CHECK(read.claims[0].direction == Direction::upper);
  CHECK(read.claims[0].bound == mpq_class(3, 2));
  CHECK(read.claims[1].quantity == Quantity::margin);
  CHECK(read.claims[1].bound == mpq_class(-13, 4));
  CHECK(read.claims[1].text == "-3.25");
  CHECK(read.task.positions() == 2);
  CHECK(read.task.inputs() == 9);
  CHECK(read.classes == 3);
  CHECK(read.tables == 500);
  CHECK(read.parts == Parts::labels);
  CHECK(read.model_sha256 == token_sum().at("model").at("sha256"));
  CHECK(read.tensors.size() == 3);
  REQUIRE(read.steps.size() == 2);
  const verifier::Step& step = read.steps[1];
  CHECK(step.id == 1);
  CHECK(step.rule == "enumeration@1");
  CHECK(step.from == 1);
  CHECK(step.to == 3);
  CHECK(step.loss->lower == mpq_class(1, 2));
  CHECK(step.loss->upper == 12);
  CHECK(step.correct->least == 0);
  CHECK(step.correct->most == 4);
  CHECK(*step.margin == -3);
  CHECK(step.operations == 1000);
  CHECK(read.states_loss());
  CHECK(read.states_correct());
  CHECK(read.states_margin());
  CHECK(certificates::read(attention_only()).classes == 3);
}

TEST_CASE("another version is declined before anything else is looked at, and the first one is told who reads it") {
  for (const std::uint64_t version : {0u, 1u, 3u}) {
    Tree tree = token_sum();
    tree["version"] = version;
    tree["operations"] = 0;
    CHECK(told([&] { read(tree); }) == "version-unknown at /version");
    try {
      read(tree);
    } catch (const verifier::Failure& failure) {
      CHECK((failure.hint.find("0.1.0") != std::string::npos) == (version == 1));
    }
  }
}

TEST_CASE("every key is needed, but for those of a step that say what it states") {
  const Tree tree = attention_only();
  for (const auto& [key, value] : tree.items()) CHECK(told_without(tree, "/" + key) == "key-missing at ");
  for (const std::string place : {"/task/inputs",
                                  "/task/label",
                                  "/task/inputs/ranges",
                                  "/task/label/name",
                                  "/model/architecture",
                                  "/model/tensors",
                                  "/model/sha256",
                                  "/model/architecture/positions",
                                  "/model/architecture/embedding",
                                  "/model/architecture/blocks",
                                  "/model/architecture/pool",
                                  "/model/architecture/readout",
                                  "/model/architecture/embedding/tokens",
                                  "/model/architecture/embedding/tokens/weight",
                                  "/model/architecture/embedding/tokens/layout",
                                  "/model/architecture/blocks/0/attention",
                                  "/model/architecture/blocks/0/attention/heads",
                                  "/model/architecture/blocks/0/attention/query",
                                  "/model/architecture/blocks/0/attention/key",
                                  "/model/architecture/blocks/0/attention/value",
                                  "/model/architecture/blocks/0/attention/output",
                                  "/model/architecture/blocks/0/attention/mask",
                                  "/model/architecture/blocks/0/attention/scores",
                                  "/model/tensors/E/dtype",
                                  "/model/tensors/E/shape",
                                  "/model/tensors/E/data",
                                  "/tables/operations",
                                  "/steps/0/id",
                                  "/steps/0/rule",
                                  "/steps/0/labels",
                                  "/steps/0/operations",
                                  "/claims/0/quantity",
                                  "/claims/0/direction",
                                  "/claims/0/bound"})
    CHECK_MESSAGE(told_without(tree, place).starts_with("key-missing at "), place);
  for (const std::string place :
       {"", "/task", "/task/inputs", "/task/label", "/model", "/model/architecture", "/model/architecture/embedding",
        "/model/architecture/embedding/tokens", "/model/architecture/blocks/0",
        "/model/architecture/blocks/0/attention", "/model/architecture/readout/0", "/model/tensors/E", "/tables",
        "/steps/0", "/claims/0"})
    CHECK(told_of(tree, place + "/more", 1) == "key-unknown at " + place);
}

TEST_CASE("claims: which there are, and how their bounds are written") {
  const auto claim = [](const std::string& quantity, const std::string& direction, const Tree& bound) {
    return told_of(token_sum(), "/claims/1", {{"quantity", quantity}, {"direction", direction}, {"bound", bound}});
  };
  CHECK(claim("cross-entropy", "lower", "0.1") == "none");
  CHECK(claim("accuracy", "lower", "1") == "none");
  CHECK(claim("accuracy", "upper", "1.000") == "none");
  CHECK(claim("margin", "lower", "0") == "none");
  CHECK(claim("margin", "lower", "99999999999999999999") == "none");
  CHECK(claim("length", "upper", "2000000") == "none");

  CHECK(claim("margin", "upper", "1") == "claim-unknown at /claims/1");
  CHECK(claim("length", "lower", "1") == "claim-unknown at /claims/1");
  CHECK(claim("perplexity", "upper", "1") == "claim-unknown at /claims/1");
  CHECK(claim("", "upper", "1") == "claim-unknown at /claims/1");
  CHECK(claim("margin", "above", "1") == "word-unknown at /claims/1/direction");
  CHECK(claim("accuracy", "upper", "1.0000001") == "claim-range at /claims/1/bound");
  CHECK(claim("accuracy", "lower", "2") == "claim-range at /claims/1/bound");
  CHECK(claim("cross-entropy", "upper", "1") == "claim-duplicate at /claims/1");
  for (const char* bound : {"-0", "-0.0", "--1", "-", "+1", "-01", "1e3", ""})
    CHECK_MESSAGE(claim("margin", "lower", bound) == "number-grammar at /claims/1/bound", bound);
  for (const char* quantity : {"cross-entropy", "accuracy"})
    CHECK(claim(quantity, "lower", "-0.5") == "number-grammar at /claims/1/bound");
  for (const char* bound : {"-1", "1.0", "1.5"})
    CHECK(claim("length", "upper", bound) == "number-grammar at /claims/1/bound");
  CHECK(claim("margin", "lower", 1) == "type-mismatch at /claims/1/bound");

  CHECK(told_of(token_sum(), "/claims", Tree::array()) == "claim-none at /claims");
  Tree seventeen = Tree::array();
  for (int i = 0; i < 17; ++i) seventeen.push_back(token_sum()["claims"][0]);
  CHECK(told_of(token_sum(), "/claims", seventeen) == "limit-claims at /claims");
}

TEST_CASE("steps: ids in order, ranges that cover all labels once, nothing stated by some steps only") {
  const Tree tree = token_sum();
  CHECK(told_of(tree, "/steps/0/id", 1) == "step-id at /steps/0/id");
  CHECK(told_of(tree, "/steps/1/id", 0) == "step-id at /steps/1/id");
  CHECK(told_of(tree, "/steps/0/labels", {1, 2}) == "step-coverage at /steps/0/labels");
  CHECK(told_of(tree, "/steps/0/labels", {0, 0}) == "step-coverage at /steps/0/labels");
  CHECK(told_of(tree, "/steps/0/labels", {0, 2}) == "step-coverage at /steps/1/labels");
  CHECK(told_of(tree, "/steps/1/labels", {2, 3}) == "step-coverage at /steps/1/labels");
  CHECK(told_of(tree, "/steps/1/labels", {1, 4}) == "step-coverage at /steps/1/labels");
  CHECK(told_of(tree, "/steps/1/labels", {1, 0}) == "step-coverage at /steps/1/labels");
  CHECK(told_of(tree, "/steps/1/labels", {1, 2}) == "step-coverage at /steps");
  CHECK(told_of(tree, "/steps/1/labels", Tree::array({1})) == "type-mismatch at /steps/1/labels");
  CHECK(told_of(tree, "/steps/1/labels", {1, "9223372036854775808"}) == "type-mismatch at /steps/1/labels/1");
  CHECK(told_of(tree, "/steps", Tree::array()) == "step-none at /steps");
  for (const char* key : {"loss", "correct", "margin"}) {
    CHECK(told_without(tree, std::string("/steps/0/") + key) == "step-mixed at /steps/1");
    CHECK(told_without(tree, std::string("/steps/1/") + key) == "step-mixed at /steps/1");
  }
  CHECK(told_of(tree, "/steps/1/loss", {"0x1p+1", "0x1p+0"}) == "interval-reversed at /steps/1/loss");
  CHECK(told_of(tree, "/steps/1/loss", {"0x1p+1", "0x1p+1"}) == "none");
  CHECK(told_of(tree, "/steps/1/loss", {"-0x1p+1", "0x1p+1"}) == "number-grammar at /steps/1/loss/0");
  CHECK(told_of(tree, "/steps/1/loss", {"0x0p+0", "-0x1p+1"}) == "number-grammar at /steps/1/loss/1");
  CHECK(told_of(tree, "/steps/1/correct", {5, 4}) == "interval-reversed at /steps/1/correct");
  CHECK(told_of(tree, "/steps/1/correct", {4, 4}) == "none");
  CHECK(told_of(tree, "/steps/1/correct", 4) == "type-mismatch at /steps/1/correct");
  CHECK(told_of(tree, "/steps/1/margin", "-0x0p+0") == "number-grammar at /steps/1/margin");
  CHECK(told_of(tree, "/steps/1/margin", "0x0p+0") == "none");
}

TEST_CASE("steps state something") {
  Tree tree = token_sum();
  tree["claims"] = {{{"quantity", "length"}, {"direction", "upper"}, {"bound", "2500"}}};
  for (Tree& step : tree["steps"])
    for (const char* key : {"loss", "correct", "margin"}) step.erase(key);
  CHECK(told([&] { read(tree); }) == "step-empty at /steps/0");
  for (Tree& step : tree["steps"]) step["margin"] = "0x1p+0";
  CHECK(told([&] { read(tree); }) == "none");
}

TEST_CASE("steps by indices of inputs cover all inputs once") {
  Tree tree = token_sum();
  const auto cut = [&](std::vector<Tree> ranges) {
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      tree["steps"][i].erase("labels");
      tree["steps"][i]["inputs"] = ranges[i];
    }
    return told([&] { read(tree); });
  };
  CHECK(cut({{0, 4}, {4, 9}}) == "none");
  CHECK(read(tree).parts == Parts::inputs);
  CHECK(read(tree).steps[1].to == 9);
  CHECK(cut({{0, 1}, {1, 3}}) == "step-coverage at /steps");
  CHECK(cut({{0, 4}, {4, 10}}) == "step-coverage at /steps/1/inputs");
  CHECK(cut({{0, 4}, {5, 9}}) == "step-coverage at /steps/1/inputs");
  CHECK(cut({{0, 4}, {4, "9"}}) == "number-grammar at /steps/1/inputs/1");
  CHECK(cut({{0, 4}, {4, "9223372036854775808"}}) == "step-coverage at /steps/1/inputs");

  tree = token_sum();
  tree["steps"][1].erase("labels");
  CHECK(told([&] { read(tree); }) == "key-missing at /steps/1");
  tree["steps"][1]["inputs"] = {1, 9};
  CHECK(told([&] { read(tree); }) == "step-mixed at /steps/1");
  tree["steps"][1]["labels"] = {1, 3};
  CHECK(told([&] { read(tree); }) == "key-unknown at /steps/1");
  tree["steps"][0].erase("labels");
  CHECK(told([&] { read(tree); }) == "key-missing at /steps/0");
}

TEST_CASE("indices of more inputs than a number can count") {
  Tree tree = token_sum();
  tree["model"]["architecture"]["positions"] = 64;
  tree["task"]["inputs"]["ranges"] = Tree(std::vector<Tree>(64, Tree{0, 3})); // 3^64 inputs
  seal(tree);
  for (Tree& step : tree["steps"]) step.erase("labels");
  tree["steps"][0]["inputs"] = {0, 9223372036854775807};
  tree["steps"][1]["inputs"] = {9223372036854775807, "3433683820292512484657849089281"};
  tree["steps"][1]["correct"] = {0, "3433683820292512484657849089281"};
  CHECK(told([&] { read(tree); }) == "none");
  CHECK(read(tree).steps[1].correct->most == mpz_class("3433683820292512484657849089281"));
  tree["steps"][1]["inputs"][1] = "3433683820292512484657849089282";
  CHECK(told([&] { read(tree); }) == "step-coverage at /steps/1/inputs");
  tree["steps"][1]["inputs"][1] = "3433683820292512484657849089280";
  CHECK(told([&] { read(tree); }) == "step-coverage at /steps");
}

TEST_CASE("budgets are from 1 to 2^50") {
  for (const std::string place : {"/tables/operations", "/steps/1/operations"}) {
    CHECK(told_of(token_sum(), place, 1) == "none");
    CHECK(told_of(token_sum(), place, std::uint64_t{1} << 50) == "none");
    CHECK(told_of(token_sum(), place, 0) == "operations-budget at " + place);
    CHECK(told_of(token_sum(), place, (std::uint64_t{1} << 50) + 1) == "limit-length at " + place);
    CHECK(told_of(token_sum(), place, "1") == "type-mismatch at " + place);
  }
}

TEST_CASE("a model of one class has no margin") {
  Tree tree = token_sum();
  tree["model"]["tensors"]["U"] = floats({1, 2});
  tree["task"]["label"] = {{"table", tensor("uint8", {9}, Bytes(9, 0))}};
  tree["steps"].erase(1);
  seal(tree);
  CHECK(told([&] { read(tree); }) == "rule-margin at /steps/0/margin");
  tree["steps"][0].erase("margin");
  tree["claims"].erase(1);
  CHECK(told([&] { read(tree); }) == "none");
}

TEST_CASE("what a certificate may hold: steps, witnesses, provenance") {
  Tree tree = token_sum();
  const Tree step = tree["steps"][0], witness = tensor("uint8", {1}, {0});
  tree["steps"] = Tree(std::vector<Tree>(verifier::limits::steps + 1, step));
  CHECK(told([&] { read(tree); }) == "limit-steps at /steps");
  tree = token_sum();
  for (std::size_t i = 0; i < 64; ++i) tree["witnesses"]["w" + std::to_string(i)] = witness;
  CHECK(told([&] { read(tree); }) == "none");
  CHECK(read(tree).witnesses.size() == 64);
  tree["witnesses"]["x"] = witness;
  CHECK(told([&] { read(tree); }) == "witness-unused at /witnesses");
  tree["witnesses"] = {{"x", tensor("float16", {1}, {0, 0})}};
  CHECK(told([&] { read(tree); }) == "dtype-unknown at /witnesses/x/dtype");
  tree = token_sum();
  for (std::size_t i = 0; i < 64; ++i) tree["provenance"]["p" + std::to_string(i)] = "text";
  CHECK(told([&] { read(tree); }) == "none");
  tree["provenance"]["x"] = "text";
  CHECK(told([&] { read(tree); }) == "limit-provenance at /provenance");
  tree["provenance"] = {{"p", 1}};
  CHECK(told([&] { read(tree); }) == "type-mismatch at /provenance/p");
}
