// Inputs and labels as a command line spells them.
#include "networks/tasks/spelled.hpp"
#include "refusal.hpp"
#include "temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace proofmark;

namespace {

std::string file_of(const TemporaryDirectory& directory, const char* name, const std::string& text) {
  std::ofstream(directory.path / name) << text;
  return (directory.path / name).string();
}

} // namespace

TEST_CASE("ranges: one a position, to is not in it, a token alone is a range of one") {
  const Domain domain = parse_inputs("0..113,5,0..2");
  CHECK(domain.ranges == std::vector<TokenRange>{{0, 113}, {5, 6}, {0, 2}});
  CHECK(domain.positions == 3);
  CHECK(size_of(domain) == 226);
  CHECK(text(domain) == "0..113,5,0..2");
  std::vector<Token> input(3);
  input_at(domain, 3, input);
  CHECK(input == std::vector<Token>{1, 5, 1});
  CHECK(size_of(parse_inputs("0..4294967296,0..4294967296")) == Integer(1) << 64);
}

TEST_CASE("ranges that are none") {
  for (const auto& [spec, part] : std::vector<std::pair<std::string, const char*>>{
           {"5..5", "empty range"},
           {"6..5", "empty range"},
           {"0..4294967297", "beyond 2^32"},
           {"0..3,x", "no token and no range of tokens, and there is no file"},
           {"", "no token and no range"},
           {"0...3", "no token and no range"},
           {"-1..3", "no token and no range"},
           {"nowhere.csv", "there is no file of that name"}})
    check_refused([&] { parse_inputs(spec); }, part);
  std::string many = "0";
  for (int i = 0; i < 64; ++i) many += ",0";
  check_refused([&] { parse_inputs(many); }, "inputs have 65 tokens");
}

TEST_CASE("a file lists inputs, a row each; one that stands there twice counts twice") {
  const TemporaryDirectory directory;
  const Domain domain = parse_inputs(file_of(directory, "inputs.csv", "a,b\r\n1, 2\r\n\n3,4\n1,2\n"));
  CHECK(domain.list == std::vector<Token>{1, 2, 3, 4, 1, 2});
  CHECK(size_of(domain) == 3);
  CHECK(repeated_inputs(domain) == 1);
  CHECK(largest_token(domain, 1) == 4);
  CHECK(text(domain) == "3 listed inputs");
  for (const auto& [csv, part] : std::vector<std::pair<std::string, const char*>>{
           {"", "lists no input"},
           {"a,b\n", "lists no input"},
           {"0\t1\n0,1\n", "line 1: expected a whole number below 2^32, found '0\\x091'"}, // no names
           {"\"0\",\"1\"\n0,1\n", "line 1"},
           {"[0, 1]\n0,1\n", "line 1"},
           {"1,2\n3\n", "line 2: expected 2 numbers, found 1"},
           {"1,2\n3,x\n", "line 2: expected a whole number below 2^32, found 'x'"},
           {"1,2\n3,4294967296\n", "line 2: expected a whole number below 2^32"},
           {"1,2\n3,-1\n", "line 2"},
           {"1,2\n3,1.0\n", "line 2"}})
    check_refused([&] { parse_inputs(file_of(directory, "bad.csv", csv)); }, part);
}

TEST_CASE("a safetensors file lists inputs as one tensor of whole numbers") {
  const TemporaryDirectory directory;
  const auto file = [&](const std::string& type, const std::string& shape, const std::string& bytes) {
    const std::string header = R"({"t":{"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":[0,)" +
                               std::to_string(bytes.size()) + "]}}";
    return file_of(directory, "inputs.safetensors",
                   std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') + header + bytes);
  };
  CHECK(parse_inputs(file("U8", "[2,2]", {1, 2, 3, 4})).list == std::vector<Token>{1, 2, 3, 4});
  CHECK(parse_inputs(file("U16", "[1,2]", {1, 1, 3, 0})).list == std::vector<Token>{257, 3});
  CHECK(parse_inputs(file("I64", "[1,1]", std::string{5} + std::string(7, '\0'))).list == std::vector<Token>{5});
  check_refused([&] { parse_inputs(file("I64", "[1,1]", std::string(8, '\xff'))); }, "row 0 has a negative number");
  check_refused([&] { parse_inputs(file("U8", "[4]", {1, 2, 3, 4})); }, "has the shape [4], expected [inputs, n]");
  check_refused(
      [&] {
        parse_inputs(file("F32", "[1,1]", {1, 2, 3, 4}));
      },
      "has 0 tensors of whole numbers, expected one");
  check_refused([&] { parse_inputs(file("BOOL", "[1,2]", {1, 0})); }, "elements of type 'BOOL'");
}

TEST_CASE("labels: a function, its number and its positions") {
  const Domain domain = whole_vocabulary(3, 113);
  const Labelling label = parse_label("sum-modulo:113@0,1", domain);
  CHECK(label.function == &sum_modulo_labels);
  CHECK(label.parameter == 113);
  CHECK(label.positions == std::vector<std::uint64_t>{0, 1});
  CHECK(parse_label("max", domain) == Labelling{&max_labels});
  for (const auto& [name, part] :
       std::vector<std::pair<std::string, const char*>>{{"maximum", "there is no label 'maximum'"},
                                                        {"sum-modulo", "the modulus is missing"},
                                                        {"sum-modulo:x", "the modulus is a whole number"},
                                                        {"sum-modulo:0", "needs a modulus from 1"},
                                                        {"max:3", "max takes no number"},
                                                        {"max@3", "reads position 3, but inputs have 3 tokens"},
                                                        {"max@0,0", "reads position 0 twice"},
                                                        {"max@", "expected positions after the '@'"},
                                                        {"symmetric-group:5", "reads 3 tokens, expected 2"}})
    check_refused([&] { parse_label(name, domain); }, part);
}

TEST_CASE("tables: every input's label, by its tokens") {
  const TemporaryDirectory directory;
  const Domain domain{2, {{0, 2}, {0, 2}}};
  const std::string table = file_of(directory, "xor.csv", "0,0,0\n1,1,0\n1,0,1\n0,1,1\n");
  CHECK(parse_label("table:" + table, domain).table == std::vector<std::uint16_t>{0, 1, 1, 0});
  const Domain listed{2, {}, {1, 0, 1, 1, 1, 0}};
  CHECK(parse_label("table:" + table, listed).table == std::vector<std::uint16_t>{1, 0, 1});
  const Domain three{3, {{7, 8}, {0, 2}, {0, 2}}};
  CHECK(parse_label("table:" + table + "@1,2", three).table == std::vector<std::uint16_t>{0, 1, 1, 0});
  for (const auto& [csv, part] : std::vector<std::pair<std::string, const char*>>{
           {"0,0,0\n0,1,1\n1,0,1\n", "has 3 rows, but there are 4 inputs"},
           {"0,0,0\n0,1,1\n1,0,1\n1,2,0\n", "has no label for 1,1"},
           {"0,0,0\n0,1,1\n1,0,1\n0,1,0\n", "has the tokens 0,1 twice, in line 2 and in line 4"},
           {"0,0\n1,1\n", "has 2 columns, expected 3"},
           {"0,0,0\n0,1,16384\n1,0,1\n1,1,0\n", "has the label 16384 in line 2, expected one below 16384"}})
    check_refused([&] { parse_label("table:" + file_of(directory, "bad.csv", csv), domain); }, part);
  check_refused([&] { parse_label("table:" + table + "@0,2", domain); }, "there is no position 2");
}
