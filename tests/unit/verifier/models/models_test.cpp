// Descriptions of models: what they say, whether tensors fit them, the digest, the shapes that rules are about.
#include "certificates.hpp"

#include "models/fitting.hpp"
#include "models/matrices.hpp"
#include "models/shapes.hpp"
#include "models/words.hpp"
#include "reading/forms.hpp"
#include "reading/limits.hpp"

#include <doctest/doctest.h>

using namespace certificates;
using verifier::Architecture, verifier::Layout, verifier::Matrix, verifier::ModelShape, verifier::Pool, verifier::Sizes;

namespace {

Architecture read_architecture(const Tree& tree) {
  verifier::Document document(tree.dump(), verifier::forms::architecture);
  document.require_form();
  return verifier::read_architecture(document.root());
}
bool is(const verifier::ReadoutPart& part, const verifier::Map& map) {
  return std::holds_alternative<verifier::Map>(part) && std::get<verifier::Map>(part) == map;
}

Tree architecture_of(const Tree& certificate) {
  return certificate["model"]["architecture"];
}

ModelShape shape_of(const Tree& architecture) {
  return verifier::shape_of(read_architecture(architecture));
}

// What a model is told, a place of which was changed.
std::string told_of_model(const Tree& certificate, const std::string& place, const Tree& value) {
  return told_of(certificate, "/model" + place, value);
}

verifier::Tensors tensors(const std::string& name, const std::vector<std::uint64_t>& shape) {
  const auto certificate = [&] {
    Tree tree = {{"x", floats(shape)}};
    return tree;
  }();
  verifier::Document document(certificate.dump(), verifier::forms::tensors);
  const verifier::DType types[] = {verifier::DType::float32};
  verifier::Tensors tensors;
  tensors.emplace(name, read_tensor(name, document.root().at("x"), types));
  return tensors;
}

} // namespace

TEST_CASE("a description is read as it stands") {
  const Architecture read = read_architecture(architecture_of(attention_only(3)));
  CHECK(read.positions == 2);
  CHECK(read.tokens == std::vector{verifier::Map{"E", Layout::tokens_width}});
  REQUIRE(read.position_table.has_value());
  CHECK(read.position_table->tensor == "P");
  CHECK_FALSE(read.position_table->to_scores);
  REQUIRE(read.blocks.size() == 1);
  REQUIRE(read.blocks[0].attention.has_value());
  const verifier::Attention& head = *read.blocks[0].attention;
  CHECK(head.heads == 3);
  CHECK(head.query == verifier::Map{"Q", Layout::heads_in_head});
  CHECK(head.key == verifier::Map{"K", Layout::heads_in_head});
  CHECK(head.value == verifier::Map{"V", Layout::heads_in_head});
  CHECK(head.output == verifier::Map{"O", Layout::heads_head_out});
  CHECK(head.causal);
  CHECK(head.scores == verifier::Scores::scaled);
  CHECK_FALSE(head.norm.has_value());
  CHECK_FALSE(read.blocks[0].mlp.has_value());
  CHECK(read.pool == Pool::last);
  REQUIRE(read.readout.size() == 1);
  CHECK(is(read.readout[0], verifier::Map{"U", Layout::in_out}));
  CHECK(read_architecture(architecture_of(token_sum())).pool == Pool::sum);
  CHECK_FALSE(read_architecture(architecture_of(token_sum())).position_table.has_value());
}

TEST_CASE("a description's text is that of the peer: sorted keys, no white space") {
  for (Tree tree :
       {architecture_of(token_sum()), architecture_of(attention_only()), architecture_of(attention_only(2))}) {
    CHECK(read_architecture(tree).text == tree.dump());
    tree["embedding"]["tokens"]["weight"] = R"(a "quoted" \ name / with {everything}: [1,2])";
    CHECK(read_architecture(tree).text == tree.dump());
    tree["blocks"] = Tree(std::vector<Tree>(2, {{"attention", attention(4)}}));
    tree["blocks"][1]["attention"]["mask"] = "none";
    CHECK(read_architecture(tree).text == tree.dump());
    tree["pool"] = tree["pool"] == "sum" ? "last" : "sum";
    CHECK(read_architecture(tree).text == tree.dump());
  }
  CHECK(read_architecture(architecture_of(token_sum())).text ==
        R"({"blocks":[],"embedding":{"tokens":{"layout":"width,tokens","weight":"E"}},"pool":"sum","positions":2,)"
        R"("readout":[{"layout":"out,in","weight":"W"},{"layout":"out,in","weight":"U"}]})");
}

TEST_CASE("the digest is of description and tensors; every part of them matters") {
  CHECK(read(token_sum()).model_sha256 == token_sum()["model"]["sha256"]);
  // As Python's hashlib and json compute it.
  CHECK(read(token_sum()).model_sha256 == "e0a3887635a7b1d2d961df52f8db94f3336a5c940db11865d8e2be9ea64b2f5a");
  Tree tree = token_sum();
  const auto changed = [&](const std::string& place, const Tree& value) {
    Tree other = tree;
    other["model"][Tree::json_pointer(place)] = value; // not sealed again
    return told([&] { read(other); });
  };
  CHECK(changed("/sha256", std::string(64, '0')) == "digest-mismatch at /model/sha256");
  CHECK(changed("/tensors/W", floats({2, 2}, 5)) == "digest-mismatch at /model/sha256");
  CHECK(changed("/tensors/E", floats({3, 2})) == "digest-mismatch at /model/sha256");
  CHECK(changed("/tensors/W", tensor("float16", {2, 2}, Bytes(8))) == "digest-mismatch at /model/sha256");
  CHECK(changed("/architecture/positions", 3) == "digest-mismatch at /model/sha256");
  CHECK(changed("/architecture/pool", "last") == "digest-mismatch at /model/sha256");
  CHECK(changed("/architecture/readout/0/layout", "in,out") == "digest-mismatch at /model/sha256");
  CHECK(changed("/architecture/readout", {map("U", "out,in"), map("W", "out,in")}) ==
        "digest-mismatch at /model/sha256");
  CHECK(changed("/sha256", std::string(64, 'A')) == "number-grammar at /model/sha256");
  CHECK(changed("/sha256", std::string(63, 'a')) == "number-grammar at /model/sha256");
}

TEST_CASE("words of a description") {
  const Tree tree = attention_only();
  const std::string block = "/architecture/blocks/0/attention", readout = "/architecture/readout/0/layout";
  CHECK(told_of_model(tree, "/architecture/pool", "mean") == "none");
  CHECK(told_of_model(tree, "/architecture/pool", "max") == "word-unknown at /model/architecture/pool");
  CHECK(told_of_model(tree, block + "/mask", "full") == "word-unknown at /model" + block + "/mask");
  CHECK(told_of_model(tree, block + "/mask", "none") == "none");
  CHECK(told_of_model(tree, block + "/scores", "unscaled") == "none");
  CHECK(told_of_model(tree, block + "/scores", "sharp") == "word-unknown at /model" + block + "/scores");
  for (const char* layout : {"tokens,width", "width,tokens", "in, out", ""})
    CHECK(told_of_model(tree, readout, layout) == "word-unknown at /model" + readout);
  for (const char* map : {"query", "key", "value", "output"})
    CHECK(told_of_model(tree, block + "/" + map + "/layout", "width,tokens") ==
          "word-unknown at /model" + block + "/" + map + "/layout");
  for (const char* layout : {"in,out", "out,in", "heads,in,head", "heads,head,out", "rows"})
    CHECK(told_of_model(tree, "/architecture/embedding/tokens/layout", layout) ==
          "word-unknown at /model/architecture/embedding/tokens/layout");
  for (const char* layout : {"out,in", "heads,in,head", "heads,head,out"}) // known words: then it is the tensor
    CHECK(told_of_model(tree, readout, layout).starts_with("tensor-shape"));
}

TEST_CASE("sizes of a description") {
  const Tree tree = attention_only();
  for (const std::uint64_t positions : {0u, 65u})
    CHECK(told_of_model(tree, "/architecture/positions", positions) ==
          "limit-context at /model/architecture/positions");
  CHECK(told_of_model(tree, "/architecture/positions", 3).starts_with("tensor-shape")); // P has two rows
  CHECK(told_of_model(tree, "/architecture/positions", 1) == "task-inputs at /task/inputs");
  CHECK(told_of_model(tree, "/architecture/readout", Tree::array()) ==
        "architecture-unsupported at /model/architecture/readout");
  const auto many = [](std::size_t count, const Tree& element) { return Tree(std::vector<Tree>(count, element)); };
  const Tree block = {{"attention", attention(1)}};
  CHECK(told_of_model(tree, "/architecture/blocks", many(64, block)) == "none");
  CHECK(told_of_model(tree, "/architecture/blocks", many(65, block)) ==
        "architecture-unsupported at /model/architecture/blocks");
  CHECK(told_of_model(token_sum(), "/architecture/readout/1", map("W", "in,out")) ==
        "tensor-unused at /model/tensors/U");
  Tree maps = many(15, map("W", "in,out"));
  maps.push_back(map("U", "out,in"));
  CHECK(told_of_model(token_sum(), "/architecture/readout", maps) == "none");
  maps.push_back(map("U", "out,in"));
  CHECK(told_of_model(token_sum(), "/architecture/readout", maps) ==
        "architecture-unsupported at /model/architecture/readout");
}

TEST_CASE("tensors: all that are named are there, and no others; names of 1 to 256 characters") {
  for (const Tree& tree : {token_sum(), attention_only()})
    for (const auto& [name, tensor] : tree["model"]["tensors"].items()) {
      Tree less = tree;
      less["model"]["tensors"].erase(name);
      seal(less);
      CHECK(told([&] { read(less); }) == "tensor-missing at /model/tensors");
    }
  CHECK(told_of_model(token_sum(), "/tensors/mask", floats({1})) == "tensor-unused at /model/tensors/mask");
  CHECK(told_of_model(token_sum(), "/tensors", Tree::object()) == "tensor-missing at /model/tensors");
  for (const std::size_t length : {1u, 256u}) {
    Tree tree = token_sum();
    const std::string name(length, '/');
    tree["model"]["tensors"][name] = tree["model"]["tensors"]["W"];
    tree["model"]["tensors"].erase("W");
    tree["model"]["architecture"]["readout"][0]["weight"] = name;
    seal(tree);
    CHECK(told([&] { read(tree); }) == "none");
  }
  Tree tree = token_sum();
  tree["model"]["tensors"][std::string(257, 'x')] = floats({1});
  CHECK(told([&] { read(tree); }) == "string-length at /model/tensors");
  tree = token_sum();
  tree["model"]["tensors"][""] = floats({1});
  CHECK(told([&] { read(tree); }) == "string-length at /model/tensors");
  CHECK(told_of_model(attention_only(), "/architecture/embedding/positions", "") ==
        "string-length at /model/architecture/embedding/positions");
  CHECK(told_of_model(token_sum(), "/architecture/readout/0/weight", std::string(257, 'x')) ==
        "string-length at /model/architecture/readout/0/weight");
  tree = token_sum();
  for (std::size_t i = 0; i < 4097; ++i) tree["model"]["tensors"]["t" + std::to_string(i)] = floats({1});
  CHECK(told([&] { read(tree); }) == "limit-tensors at /model/tensors");
}

TEST_CASE("tensors: element types, sizes, numbers that are none") {
  const auto with = [](const Tree& tensor) { return told_of_model(token_sum(), "/tensors/W", tensor); };
  CHECK(with(tensor("float16", {2, 2}, Bytes(8))) == "none");
  CHECK(with(tensor("bfloat16", {2, 2}, Bytes(8))) == "none");
  CHECK(with(tensor("float64", {2, 2}, Bytes(32))) == "none");
  for (const char* type : {"uint8", "uint16", "uint32", "int8", "F32"})
    CHECK(with(tensor(type, {2, 2}, Bytes(16))) == "dtype-unknown at /model/tensors/W/dtype");
  CHECK(with(tensor("float32", {2, 2}, Bytes(15))) == "tensor-size at /model/tensors/W/data");
  CHECK(with(tensor("float32", {2, 2}, Bytes(17))) == "tensor-size at /model/tensors/W/data");
  CHECK(with(tensor("float32", {2, 0}, {})) == "tensor-size at /model/tensors/W/shape/1");
  CHECK(with(tensor("float32", {}, Bytes(4))) == "type-mismatch at /model/tensors/W/shape");
  CHECK(with(tensor("float16", {2, 2}, {0, 0, 0, 0x7c, 0, 0, 0, 0})) == "weight-not-finite at /model/tensors/W");
}

TEST_CASE("sizes fit from map to map") {
  const Tree sum = token_sum(), one = attention_only();
  const auto shape = [](const Tree& tree, const std::string& name, const std::vector<std::uint64_t>& dimensions) {
    return told_of_model(tree, "/tensors/" + name, floats(dimensions));
  };
  const auto refused = [](const std::string& name) { return "tensor-shape at /model/tensors/" + name + "/shape"; };
  CHECK(shape(sum, "E", {3, 3}) == refused("W"));
  CHECK(shape(sum, "W", {2, 3}) == refused("W")); // out,in: reads 3
  CHECK(shape(sum, "W", {3, 2}) == refused("U"));
  CHECK(shape(sum, "U", {3, 3}) == refused("U"));
  CHECK(shape(sum, "U", {2, 2}) == "label-range at /task/label");
  CHECK(shape(sum, "E", {2, 2}) == "task-inputs at /task/inputs");
  CHECK(shape(sum, "U", {4, 2}) == "step-coverage at /steps"); // one class more
  for (const std::string name : {"E", "W", "U"})
    for (const std::vector<std::uint64_t>& dimensions : {std::vector<std::uint64_t>{6}, {2, 3, 1}})
      CHECK(shape(sum, name, dimensions) == refused(name));

  CHECK(shape(one, "P", {3, 4}) == "none"); // rows beyond n
  CHECK(shape(one, "P", {1, 4}) == refused("P"));
  CHECK(shape(one, "P", {2, 3}) == refused("P"));
  CHECK(shape(one, "P", {2}) == refused("P"));
  CHECK(shape(one, "P", {2, 4, 1}) == refused("P"));
  for (const std::string name : {"Q", "K", "V"}) {
    CHECK(shape(one, name, {1, 3, 2}) == refused(name));
    CHECK(shape(one, name, {4, 2}) == refused(name));
  }
  CHECK(shape(one, "K", {1, 4, 3}) == refused("K"));
  CHECK(shape(one, "V", {1, 4, 3}) == refused("O")); // values have a width of their own
  CHECK(shape(one, "Q", {1, 4, 3}) == refused("K"));
  CHECK(shape(one, "O", {1, 3, 4}) == refused("O"));
  CHECK(shape(one, "O", {1, 2, 3}) == refused("O"));
  CHECK(shape(one, "U", {3, 3}) == refused("U"));
}

TEST_CASE("heads: any number of them, each a slice or columns of the same width") {
  CHECK(told([] { read(attention_only(1)); }) == "none");
  CHECK(told([] { read(attention_only(3)); }) == "none");
  const std::string heads = "/architecture/blocks/0/attention/heads";
  CHECK(told_of_model(attention_only(2), heads, 0) == "tensor-shape at /model/tensors/Q/shape");
  CHECK(told_of_model(attention_only(2), heads, 1) == "tensor-shape at /model/tensors/Q/shape"); // two slices
  CHECK(told_of_model(attention_only(2), heads, 4) == "tensor-shape at /model/tensors/Q/shape");
  CHECK(told_of_model(attention_only(2), heads, 3) == "tensor-shape at /model/tensors/Q/shape"); // 4 columns
  // Each map alone in slices that are not the heads'.
  Tree tree = attention_only(2);
  Tree& attention = tree["model"]["architecture"]["blocks"][0]["attention"];
  for (const char* map : {"query", "key", "value"}) {
    attention[map]["layout"] = "in,out";
    tree["model"]["tensors"][attention[map]["weight"].get<std::string>()] = floats({4, 4});
  }
  attention["output"]["layout"] = "in,out";
  tree["model"]["tensors"]["O"] = floats({4, 4});
  seal(tree);
  CHECK(told([&] { read(tree); }) == "none");
  CHECK(told_of_model(tree, heads, 4) == "none");
  CHECK(told_of_model(tree, heads, 3) == "tensor-shape at /model/tensors/Q/shape");
  for (const auto& [map, name] : {std::pair{"query", "Q"}, {"key", "K"}, {"value", "V"}, {"output", "O"}}) {
    Tree sliced = tree;
    const bool output = std::string(map) == "output";
    sliced["model"]["architecture"]["blocks"][0]["attention"][map]["layout"] =
        output ? "heads,head,out" : "heads,in,head";
    const auto told_with = [&](const std::vector<std::uint64_t>& shape) {
      return told_of_model(sliced, std::string("/tensors/") + name, floats(shape));
    };
    CHECK(told_with(output ? std::vector<std::uint64_t>{2, 2, 4} : std::vector<std::uint64_t>{2, 4, 2}) == "none");
    CHECK(told_with(output ? std::vector<std::uint64_t>{4, 1, 4} : std::vector<std::uint64_t>{4, 4, 1}) ==
          std::string("tensor-shape at /model/tensors/") + name + "/shape");
  }
}

TEST_CASE("slices of rows are heads of the output map only, slices of columns of the others only") {
  for (const auto& [map, name] : {std::pair{"query", "Q"}, {"key", "K"}, {"value", "V"}, {"output", "O"}}) {
    Tree tree = attention_only();
    tree["model"]["architecture"]["blocks"][0]["attention"][map]["layout"] =
        std::string(map) == "output" ? "heads,in,head" : "heads,head,out"; // with one head, the same matrix
    seal(tree);
    CHECK(told([&] { read(tree); }) == std::string("tensor-shape at /model/tensors/") + name + "/shape");
  }
}

TEST_CASE("limits of tokens, classes and widths") {
  const auto zeros = [](const std::vector<std::uint64_t>& shape) {
    std::uint64_t bytes = 2;
    for (const std::uint64_t dimension : shape) bytes *= dimension;
    return tensor("float16", shape, Bytes(bytes));
  };
  Tree tree = token_sum();
  Tree& tensors = tree["model"]["tensors"];
  const auto sizes = [&](std::uint64_t tokens, std::uint64_t width, std::uint64_t inner, std::uint64_t classes) {
    tensors["E"] = zeros({width, tokens});
    tensors["W"] = zeros({inner, width});
    tensors["U"] = zeros({classes, inner});
    tree["steps"][1]["labels"] = {1, classes};
    seal(tree);
    return told([&] { read(tree); });
  };
  CHECK(sizes(16384, 1, 1, 16384) == "none");
  CHECK(sizes(16385, 1, 1, 3) == "limit-vocabulary at /model");
  CHECK(sizes(3, 1, 1, 16385) == "limit-vocabulary at /model");
  CHECK(sizes(3, 4096, 1, 3) == "none");
  CHECK(sizes(3, 4097, 1, 3) == "limit-width at /model");
  CHECK(sizes(3, 1, 4096, 3) == "none");
  CHECK(sizes(3, 1, 4097, 3) == "limit-width at /model");

  const auto attention = [&](std::uint64_t tokens, std::uint64_t heads, std::uint64_t head, std::uint64_t classes) {
    Tree one = attention_only(heads);
    Tree& all = one["model"]["tensors"];
    all["E"] = zeros({tokens, 1}), all["P"] = zeros({2, 1}), all["U"] = zeros({1, classes});
    for (const char* name : {"Q", "K", "V"}) all[name] = zeros({heads, 1, head});
    all["O"] = zeros({heads, head, 1});
    one["steps"][1]["labels"] = {1, classes};
    seal(one);
    return told([&] { read(one); });
  };
  CHECK(attention(1024, 1, 4096, 1024) == "none");
  CHECK(attention(1025, 1, 1, 1025) == "none"); // rules of the shape ask for less
  CHECK(attention(16384, 2, 1, 16384) == "none");
  CHECK(attention(16385, 2, 1, 3) == "limit-vocabulary at /model");
  CHECK(attention(3, 1, 4097, 3) == "limit-width at /model");
  CHECK(attention(3, 2, 4096, 3) == "none");
}

TEST_CASE("a tensor may be used any number of times") {
  Tree tree = attention_only();
  tree["model"]["architecture"]["readout"] = Tree::array({map("E", "out,in")});
  tree["model"]["tensors"].erase("U");
  for (const char* name : {"query", "key", "value"})
    tree["model"]["architecture"]["blocks"][0]["attention"][name]["weight"] = "Q";
  tree["model"]["tensors"].erase("K");
  tree["model"]["tensors"].erase("V");
  seal(tree);
  CHECK(told([&] { read(tree); }) == "none");
  CHECK(read(tree).tensors.size() == 4);
}

TEST_CASE("the shapes that rules are about, and what is near them") {
  const Tree sum = architecture_of(token_sum()), one = architecture_of(attention_only());
  CHECK(shape_of(sum) == ModelShape::token_sum);
  CHECK(shape_of(one) == ModelShape::attention_only);
  const auto other = [](Tree tree, const std::string& place, const Tree& value) {
    tree[Tree::json_pointer(place)] = value;
    return shape_of(tree) == ModelShape::other;
  };
  const Tree block = {{"attention", attention(1)}}, readout = map("U", "in,out");
  CHECK(other(sum, "/embedding/positions", "P"));
  CHECK(other(sum, "/pool", "last"));
  CHECK(other(sum, "/blocks", Tree::array({block})));
  CHECK(other(sum, "/readout", Tree::array({readout})));
  CHECK(other(sum, "/readout", {readout, readout, readout}));
  CHECK(other(one, "/pool", "sum"));
  CHECK(other(one, "/blocks", Tree::array()));
  CHECK(other(one, "/blocks", {block, block}));
  CHECK(other(one, "/blocks/0/attention/heads", 2));
  CHECK(other(one, "/readout", {readout, readout}));
  Tree less = one;
  less["embedding"].erase("positions");
  CHECK(shape_of(less) == ModelShape::other);
  less = one;
  less["blocks"][0]["attention"]["mask"] = "none"; // at the last position, the same function
  CHECK(shape_of(less) == ModelShape::attention_only);
}

TEST_CASE("matrices, in every layout") {
  const auto matrix = [](Layout layout, const std::vector<std::uint64_t>& shape) {
    return verifier::matrix(verifier::Map{"T", layout}, tensors("T", shape));
  };
  CHECK(matrix(Layout::in_out, {2, 3}) == Matrix{2, 3, {1, 2, 3, 4, 5, 6}});
  CHECK(matrix(Layout::tokens_width, {2, 3}) == Matrix{2, 3, {1, 2, 3, 4, 5, 6}});
  CHECK(matrix(Layout::out_in, {2, 3}) == Matrix{3, 2, {1, 4, 2, 5, 3, 6}});
  CHECK(matrix(Layout::width_tokens, {2, 3}) == Matrix{3, 2, {1, 4, 2, 5, 3, 6}});
  CHECK(matrix(Layout::heads_in_head, {1, 2, 3}) == Matrix{2, 3, {1, 2, 3, 4, 5, 6}});
  CHECK(matrix(Layout::heads_head_out, {1, 2, 3}) == Matrix{2, 3, {1, 2, 3, 4, 5, 6}});
  CHECK(matrix(Layout::heads_in_head, {2, 3, 2}) == Matrix{3, 4, {1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12}});
  CHECK(matrix(Layout::heads_head_out, {2, 1, 3}) == Matrix{2, 3, {1, 2, 3, 4, 5, 6}});
  CHECK(verifier::first_rows("T", 1, tensors("T", {2, 3})) == Matrix{1, 3, {1, 2, 3}});
  for (const Layout layout : {Layout::in_out, Layout::out_in, Layout::tokens_width, Layout::width_tokens})
    CHECK_FALSE(verifier::Cut::of({"T", layout}, {2, 3, 1}).has_value());
  for (const Layout layout : {Layout::heads_in_head, Layout::heads_head_out})
    CHECK_FALSE(verifier::Cut::of({"T", layout}, {2, 3}).has_value());
}

TEST_CASE("cuts: one instance of a stack, then rows and columns, then the layout; biases are cut as columns are") {
  const auto cut = [](const verifier::Map& map, const std::vector<std::uint64_t>& shape) {
    return verifier::matrix(map, tensors("T", shape)).entries;
  };
  using Entries = std::vector<double>;
  CHECK(cut({.weight = "T", .layout = Layout::in_out, .rows = verifier::Range{1, 3}}, {3, 2}) == Entries{3, 4, 5, 6});
  CHECK(cut({.weight = "T", .layout = Layout::in_out, .columns = verifier::Range{1, 2}}, {3, 2}) == Entries{2, 4, 6});
  CHECK(cut({.weight = "T", .layout = Layout::out_in, .rows = verifier::Range{1, 3}}, {3, 2}) == Entries{3, 5, 4, 6});
  CHECK(cut({.weight = "T", .layout = Layout::in_out, .index = 1}, {2, 1, 2}) == Entries{3, 4});
  CHECK(cut({.weight = "T", .layout = Layout::out_in, .index = 1, .columns = verifier::Range{1, 2}}, {2, 1, 2}) ==
        Entries{4});
  CHECK(cut({.weight = "T", .layout = Layout::heads_in_head, .rows = verifier::Range{1, 2}}, {2, 2, 2}) ==
        Entries{5, 6, 7, 8});
  CHECK(cut({.weight = "T", .layout = Layout::heads_in_head, .columns = verifier::Range{0, 1}}, {2, 2, 2}) ==
        Entries{1, 5, 3, 7});
  CHECK(cut({.weight = "T", .layout = Layout::heads_head_out, .index = 0, .rows = verifier::Range{1, 2}},
            {1, 2, 1, 2}) == Entries{3, 4});

  verifier::Tensors both = tensors("T", {2, 3, 4});
  const auto bias = [&](verifier::Map map, std::uint64_t elements) {
    both.erase("b");
    both.merge(tensors("b", {elements}));
    map.bias = "b";
    return verifier::bias(map, both)->entries;
  };
  CHECK(bias({.weight = "T", .layout = Layout::out_in, .index = 1, .rows = verifier::Range{1, 3}}, 6) == Entries{5, 6});
  CHECK(bias({.weight = "T", .layout = Layout::out_in, .index = 1, .rows = verifier::Range{1, 3}}, 2) == Entries{1, 2});
  CHECK(bias({.weight = "T", .layout = Layout::in_out, .index = 1, .columns = verifier::Range{2, 4}}, 8) ==
        Entries{7, 8});
  CHECK(bias({.weight = "T",
              .layout = Layout::heads_in_head,
              .rows = verifier::Range{1, 2},
              .columns = verifier::Range{1, 3}},
             8) == Entries{6, 7});
  CHECK(bias({.weight = "T", .layout = Layout::heads_head_out, .columns = verifier::Range{1, 3}}, 4) == Entries{2, 3});
  CHECK(bias({.weight = "T", .layout = Layout::heads_in_head}, 8) == Entries{1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("cuts, biases and norms that fit, and their twins that do not") {
  Tree tree = token_sum(); // E [2 x 3] width,tokens; W [2 x 2] and U [3 x 2] out,in
  const auto told_with = [&](const Tree& changes) {
    Tree other = tree;
    for (const auto& [place, value] : changes.items()) other["model"][Tree::json_pointer(place)] = value;
    seal(other);
    return told([&] { read(other); });
  };
  const std::string W = "/architecture/readout/0", refused_W = "tensor-shape at /model/tensors/W/shape",
                    refused_b = "tensor-shape at /model/tensors/b/shape";
  CHECK(told_with({{"/tensors/W", floats({5, 3})}, {W + "/rows", {1, 3}}, {W + "/columns", {1, 3}}}) == "none");
  CHECK(told_with({{"/tensors/W", floats({5, 3})}, {W + "/rows", {1, 3}}}) == refused_W); // three columns
  CHECK(told_with({{"/tensors/W", floats({2, 2})}, {W + "/rows", {1, 3}}}) == refused_W); // beyond
  CHECK(told_with({{"/tensors/W", floats({2, 2})}, {W + "/rows", {1, 1}}}) == refused_W); // empty
  CHECK(told_with({{"/tensors/W", floats({2, 2})}, {W + "/rows", {2, 1}}}) == refused_W); // reversed
  CHECK(told_with({{W + "/rows", {0, 2}}}) == "none");
  CHECK(told_with({{W + "/rows", {0, 1, 2}}}) == "type-mismatch at /model" + W + "/rows");
  CHECK(told_with({{"/tensors/W", floats({3, 2, 2})}, {W + "/index", 2}}) == "none");
  CHECK(told_with({{"/tensors/W", floats({3, 2, 2})}, {W + "/index", 3}}) == refused_W);
  CHECK(told_with({{"/tensors/W", floats({2, 2})}, {W + "/index", 0}}) == refused_W);
  for (const std::vector<std::uint64_t>& shape : {std::vector<std::uint64_t>{2}, {1, 2}, {2, 1, 1}})
    CHECK(told_with({{"/tensors/b", floats(shape)}, {W + "/bias", "b"}}) == "none");
  CHECK(told_with({{"/tensors/b", floats({3})}, {W + "/bias", "b"}}) == refused_b);
  CHECK(told_with({{"/tensors/b", floats({1})}, {W + "/bias", "b"}}) == refused_b);
  CHECK(told_with({{W + "/bias", "b"}}) == "tensor-missing at /model/tensors");
  const Tree packed = {{"/tensors/W", floats({5, 2})}, {W + "/rows", {1, 3}}, {W + "/bias", "b"}};
  for (const auto& [size, result] :
       {std::pair<std::uint64_t, std::string>{2, "none"}, {5, "none"}, {3, refused_b}, {10, refused_b}}) {
    Tree changes = packed;
    changes["/tensors/b"] = floats({size});
    CHECK(told_with(changes) == result);
  }
  const Tree norm = {{"layer", {{"eps", "1e-5"}, {"weight", "b"}}}};
  CHECK(told_with({{"/tensors/b", floats({2})}, {"/architecture/norm", norm}}) == "none");
  CHECK(told_with({{"/tensors/b", floats({3})}, {"/architecture/norm", norm}}) == refused_b);
  CHECK(told_with({{"/architecture/readout",
                    {"relu", map("W", "out,in"), {{"rms", {{"eps", "0"}}}}, map("U", "out,in")}}}) == "none");
  Tree head = map("U", "out,in");
  head["layer"] = {{"eps", "1"}};
  CHECK(told_with({{"/architecture/readout", {map("W", "out,in"), head}}}) ==
        "key-unknown at /model/architecture/readout/1/weight");
  CHECK(told_with({{"/architecture/readout", {"relu"}}})
            .starts_with("architecture-unsupported at /model/architecture/readout"));
  const auto eps = [&](const Tree& text) {
    return told_with({{"/architecture/norm", {{"rms", {{"eps", text}}}}}}).substr(0, 14);
  };
  for (const char* good :
       {"0", "1e-5", "0.00001", "12.5e-1", "1e18", "0e99", "1.0", "10e-19", "922337203685477580.7e-17"})
    CHECK_MESSAGE(eps(good) == "none", good);
  for (const char* bad : {"", "-1", "+1", "01", "1.", ".5", "1e", "1e+5", "1E-5", "1e-19", "1e19", "0x1", "1e100",
                          "922337203685477580.8e-17", "1000000000000000000", "?", "1 "})
    CHECK_MESSAGE(eps(bad) == "number-grammar", bad);
  CHECK(eps(1) == "type-mismatch ");
}

TEST_CASE("positions with tables of their own; parts that a block has, and reads") {
  Tree tree = token_sum();
  const auto told_with = [&](const Tree& changes) {
    Tree other = tree;
    for (const auto& [place, value] : changes.items()) other["model"][Tree::json_pointer(place)] = value;
    seal(other);
    return told([&] { read(other); });
  };
  const Tree E = map("E", "width,tokens"), F = map("F", "tokens,width");
  const std::string tokens = "/architecture/embedding/tokens";
  CHECK(told_with({{tokens, {E, F}}, {"/tensors/F", floats({3, 2})}}) == "none");
  CHECK(told_with({{tokens, {E, F}}, {"/tensors/F", floats({4, 2})}}) == "none");
  CHECK(told_with({{tokens, {E, F}}, {"/tensors/F", floats({2, 2})}}) == "task-inputs at /task/inputs");
  CHECK(told_with({{tokens, {E, F}}, {"/tensors/F", floats({3, 3})}}) == "tensor-shape at /model/tensors/F/shape");
  CHECK(told_with({{tokens, {E, E, E}}}) == "type-mismatch at /model" + tokens);
  CHECK(told_with({{tokens, Tree::array({E})}}) == "type-mismatch at /model" + tokens);
  const Tree mlp = {{"in", map("W", "out,in")}, {"activation", "gelu"}, {"out", map("W", "in,out")}};
  const auto block = [&](const Tree& block) { return told_with({{"/architecture/blocks", Tree::array({block})}}); };
  const std::string place = "/model/architecture/blocks/0";
  CHECK(block({{"mlp", mlp}}) == "none");
  CHECK(block(Tree::object()) == "key-missing at " + place);
  CHECK(block({{"mlp", mlp}, {"order", "post"}}) == "none");
  CHECK(block({{"mlp", mlp}, {"order", "later"}}) == "word-unknown at " + place + "/order");
  CHECK(block({{"mlp", mlp}, {"reads", "block-input"}, {"order", "pre"}}) == "none");
  CHECK(block({{"mlp", mlp}, {"reads", "block-input"}, {"order", "post"}}) == "key-unknown at " + place + "/reads");
  CHECK(block({{"mlp", mlp}, {"reads", "all"}}) == "word-unknown at " + place + "/reads");
  Tree other = mlp;
  other["activation"] = "?";
  CHECK(block({{"mlp", other}}) == "word-unknown at " + place + "/mlp/activation");
  other["activation"] = "relu", other["in"]["layout"] = "?";
  CHECK(block({{"mlp", other}}) == "word-unknown at " + place + "/mlp/in/layout");
  for (const auto& [position, result] :
       {std::pair{1, "none"}, {2, "architecture-unsupported at /model/architecture/pool/position"}})
    CHECK(told_with({{"/architecture/pool", {{"position", position}}}}) == result);

  tree = attention_only();
  const std::string attention = "/architecture/blocks/0/attention", P = "/architecture/embedding/positions";
  CHECK(told_with({{attention + "/scores", "uniform"}}) == "key-unknown at /model" + attention + "/query");
  CHECK(told_with({{attention + "/scores", {{"factor", "0.125"}}}}) == "none");
  CHECK(told_with({{attention + "/scores", {{"factor", "0"}}}}) ==
        "number-grammar at /model" + attention + "/scores/factor");
  CHECK(told_with({{attention + "/scores", Tree::object()}}) == "key-missing at /model" + attention + "/scores");
  CHECK(told_with({{P, {{"tensor", "P"}, {"to", "scores"}}}}) == "none");
  CHECK(told_with({{P, {{"tensor", "P"}, {"to", "keys"}}}}) == "word-unknown at /model" + P + "/to");
  CHECK(told_with({{P, {{"tensor", "P"}}}}) == "key-missing at /model" + P);
  CHECK(shape_of(architecture_of(tree)) == ModelShape::attention_only);
  Tree beside = architecture_of(tree);
  beside["embedding"]["positions"] = {{"tensor", "P"}, {"to", "scores"}};
  CHECK(shape_of(beside) == ModelShape::other);
  beside["embedding"]["positions"] = {{"tensor", "P"}, {"to", "residual"}};
  CHECK(shape_of(beside) == ModelShape::attention_only);
  for (const char* changed : {"/blocks/0/attention/norm", "/norm"}) {
    Tree normed = architecture_of(tree);
    normed[Tree::json_pointer(changed)] = {{"rms", {{"eps", "1"}}}};
    CHECK(shape_of(normed) == ModelShape::other);
  }
  for (const char* changed : {"/embedding/tokens/bias", "/blocks/0/attention/value/bias", "/readout/0/bias"}) {
    Tree biased = architecture_of(tree);
    biased[Tree::json_pointer(changed)] = "b";
    CHECK(shape_of(biased) == ModelShape::other);
  }
  Tree unscaled = architecture_of(tree);
  unscaled["blocks"][0]["attention"]["scores"] = "unscaled";
  CHECK(shape_of(unscaled) == ModelShape::other);
}

TEST_CASE("a description in words and as a formula") {
  const auto text = [](const std::string& description) { return read_architecture(Tree::parse(description)); };
  const Architecture gpt =
      text(R"({"positions": 3, "embedding": {"tokens": {"weight": "E", "layout": "tokens,width"}, "positions": "P"},
    "blocks": [{"attention": {"norm": {"layer": {"eps": "1e-5", "weight": "g", "bias": "s"}}, "heads": 2,
        "query": {"weight": "W", "layout": "out,in", "rows": [0, 8], "bias": "b"}, "key": {"weight": "W", "layout": "out,in", "rows": [8, 16], "bias": "b"},
        "value": {"weight": "W", "layout": "out,in", "rows": [16, 24], "bias": "b"}, "output": {"weight": "O", "layout": "heads,head,out", "index": 1},
        "mask": "causal", "scores": {"factor": "0.125"}},
      "mlp": {"in": {"weight": "I", "layout": "in,out"}, "activation": "gelu-tanh", "out": {"weight": "U 2", "layout": "in,out", "columns": [0, 4]}}, "reads": "block-input"}],
    "norm": {"rms": {"eps": "0"}}, "pool": "mean", "readout": [{"weight": "U", "layout": "in,out", "bias": "c"}, "relu"]})");
  CHECK(in_words(gpt, 7) ==
        "3 tokens of 7, positions added, 1 block (layer norm, causal attention with 2 heads, scores times 0.125 "
        "beside GELU by tanh MLP), RMS norm, averaged, readout (map, ReLU)");
  CHECK(
      formula(gpt) ==
      "x = E[t] + P; u = x; y = layer(x; 1e-5) * g + s; x += [softmax(Q K^T * 0.125) V: 2 heads, causal, Q = y @ "
      "W[0:8]^T + b, "
      "K = y @ W[8:16]^T + b, V = y @ W[16:24]^T + b] @ O[1]; x += gelu-tanh(u @ I) @ \"U 2\"[:, 0:4]; x = rms(x; 0); "
      "logits = relu(mean(x) @ U + c)");
  const Architecture post = text(
      R"({"positions": 2, "embedding": {"tokens": [{"weight": "L", "layout": "width,tokens", "bias": "b"}, {"weight": "R", "layout": "tokens,width"}],
      "positions": {"tensor": "P", "to": "scores"}},
    "blocks": [{"attention": {"norm": {"layer": {"eps": "1"}}, "heads": 1, "query": {"weight": "Q", "layout": "in,out"}, "key": {"weight": "K", "layout": "in,out"},
        "value": {"weight": "V", "layout": "in,out"}, "output": {"weight": "O", "layout": "in,out"}, "mask": "none", "scores": "unscaled"}, "order": "post"},
      {"attention": {"heads": 1, "value": {"weight": "V", "layout": "in,out"}, "output": {"weight": "O", "layout": "in,out"}, "mask": "none", "scores": "uniform"}}],
    "pool": {"position": 0}, "readout": [{"layer": {"eps": "1"}}, {"weight": "U", "layout": "out,in"}]})");
  CHECK(in_words(post, {}) ==
        "2 tokens, an embedding for each position, positions added to queries and keys, block 1 (unscaled attention "
        "with 1 head, layer norm), block 2 (uniform attention with 1 head), read at position 0, readout (layer norm, "
        "map); no MLP");
  CHECK(formula(post) == "x = (L^T[t] + b, R[t]); x = layer(x + [softmax(Q K^T) V: 1 head, Q = (x + P) @ Q, K = (x + "
                         "P) @ K, V = x @ V] @ O; 1); "
                         "x += [mean(V): 1 head, V = x @ V] @ O; logits = layer(x[0]; 1) @ U^T");
  CHECK(tensor_names(post) == std::set<std::string>{"L", "b", "R", "P", "Q", "K", "V", "O", "U"});
  CHECK(in_words(read_architecture(architecture_of(attention_only())), 64) ==
        "2 tokens of 64, one attention head, read at the last; no MLP, no normalisation");
}
