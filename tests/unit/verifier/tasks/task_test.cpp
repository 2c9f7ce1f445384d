// Tasks: inputs by ranges and by list, labels by name and by table.
#include "certificates.hpp"

#include "reading/forms.hpp"

#include <doctest/doctest.h>

using namespace certificates;
using verifier::Task;

namespace {

Task read_task(const Tree& tree) {
  verifier::Document document(tree.dump(), verifier::forms::task);
  document.require_form();
  return verifier::read_task(document.root());
}
Task task(const Tree& inputs, const Tree& label = {{"name", "max"}}) {
  return read_task({{"inputs", inputs}, {"label", label}});
}
std::string told(const Tree& inputs, const Tree& label = {{"name", "max"}}) {
  return certificates::told([&] { task(inputs, label); });
}
Tree ranges(const Tree& list) {
  return {{"ranges", list}};
}
Tree list(const std::string& dtype, const std::vector<std::uint64_t>& shape, const Bytes& bytes) {
  return {{"list", tensor(dtype, shape, bytes)}};
}
std::string fits(const Task& task, std::uint64_t tokens, std::uint64_t classes) {
  return certificates::told([&] { require_fitting(task, std::vector(task.positions(), tokens), classes, "/task"); });
}

} // namespace

TEST_CASE("ranges of tokens: their product is the inputs") {
  const Task read = task(ranges({{0, 113}, {0, 113}, {113, 114}}));
  CHECK(read.positions() == 3);
  CHECK(read.inputs() == 113 * 113);
  CHECK(read.ranges[2] == verifier::TokenRange{113, 114});
  CHECK(told(ranges({{0, std::uint64_t{1} << 32}})) == "none");
  CHECK(task(ranges(Tree(std::vector<Tree>(64, Tree{0, std::uint64_t{1} << 32})))).inputs() == mpz_class(1) << 2048);

  CHECK(told(ranges({{0, (std::uint64_t{1} << 32) + 1}})) == "task-inputs at /inputs/ranges/0");
  CHECK(told(ranges({{0, 1}, {1, 1}})) == "task-inputs at /inputs/ranges/1");
  CHECK(told(ranges(Tree::array({{2, 1}}))) == "task-inputs at /inputs/ranges/0");
  CHECK(told(ranges(Tree::array({{0, 1, 2}}))) == "type-mismatch at /inputs/ranges/0");
  CHECK(told(ranges(Tree::array({{0}}))) == "type-mismatch at /inputs/ranges/0");
  CHECK(told(ranges({0, 1})) == "type-mismatch at /inputs/ranges/0");
  CHECK(told(ranges(Tree::array())) == "limit-context at /inputs/ranges");
  CHECK(told(ranges(Tree(std::vector<Tree>(65, Tree{0, 1})))) == "limit-context at /inputs/ranges");
}

TEST_CASE("inputs and labels have one of two keys") {
  const Tree both = {{"ranges", Tree::array({{0, 1}})}, {"list", tensor("uint8", {1, 1}, {0})}};
  CHECK(told(both) == "key-unknown at /inputs");
  CHECK(told(Tree::object()) == "key-missing at /inputs");
  const Tree one = ranges(Tree::array({{0, 1}})), table = tensor("uint8", {1}, {0});
  CHECK(told(one, {{"table", table}}) == "none");
  CHECK(told(one, {{"name", "max"}, {"table", table}}) == "key-unknown at /label");
  CHECK(told(one, {{"table", table}, {"positions", Tree::array({0})}}) == "key-unknown at /label");
  CHECK(told(one, Tree::object()) == "key-missing at /label");
  CHECK(told(one, {{"positions", Tree::array({0})}}) == "key-missing at /label");
}

TEST_CASE("a list has inputs in any order, as often as they stand there") {
  const Task read = task(list("uint8", {3, 2}, {1, 2, 0, 5, 1, 2}));
  CHECK(read.positions() == 2);
  CHECK(read.inputs() == 3);
  CHECK(told(list("uint8", {2}, {0, 1})) == "task-inputs at /inputs/list");
  CHECK(told(list("uint8", {1, 1, 1}, {0})) == "task-inputs at /inputs/list");
  CHECK(told(list("float16", {1, 1}, {0, 0})) == "task-inputs at /inputs/list");
  CHECK(told(list("int8", {1, 1}, {0})) == "dtype-unknown at /inputs/list/dtype");
  CHECK(told(list("uint8", {1, 64}, Bytes(64))) == "none");
  CHECK(told(list("uint8", {1, 65}, Bytes(65))) == "limit-context at /inputs/list/shape/1");
  CHECK(told(list("uint8", {0, 1}, {})) == "tensor-size at /inputs/list/shape/0");
}

TEST_CASE("sizes that are declared and not there are refused by their number of bytes") {
  const std::uint64_t many = std::uint64_t{1} << 32;
  CHECK(told(list("uint32", {many, 64}, {})) == "tensor-size at /inputs/list/data");
  CHECK(told(list("uint8", {many, many}, {})) == "tensor-size at /inputs/list/shape");
  CHECK(told(ranges(Tree::array({{0, many}})), {{"table", tensor("uint16", {many}, {})}}) ==
        "tensor-size at /label/table/data");
}

TEST_CASE("a label's positions are different ones of the inputs") {
  const Tree three = ranges({{0, 4}, {0, 5}, {0, 6}});
  const auto positions = [&](const Tree& list) { return told(three, {{"name", "max"}, {"positions", list}}); };
  CHECK(positions(Tree::array({0})) == "none");
  CHECK(positions({2, 0, 1}) == "none");
  CHECK(task(three, {{"name", "max"}, {"positions", {2, 0}}}).label.positions == std::vector<std::uint64_t>{2, 0});
  CHECK(positions(Tree::array()) == "task-label at /label/positions");
  CHECK(positions({0, 3}) == "task-label at /label/positions/1");
  CHECK(positions({1, 0, 1}) == "task-label at /label/positions/2");
  CHECK(positions(Tree(std::vector<Tree>(65, 0))) == "task-label at /label/positions");
  CHECK(told(three, {{"name", "median"}}) == "task-unknown at /label/name");
  CHECK(told(three, {{"name", ""}}) == "task-unknown at /label/name");
}

TEST_CASE("a table has the label of each input") {
  const Tree six = ranges({{0, 2}, {5, 8}});
  const auto table = [&](const std::string& dtype, const std::vector<std::uint64_t>& shape, std::size_t bytes) {
    return told(six, {{"table", tensor(dtype, shape, Bytes(bytes))}});
  };
  CHECK(table("uint8", {6}, 6) == "none");
  CHECK(table("uint16", {6}, 12) == "none");
  CHECK(table("uint8", {5}, 5) == "task-label at /label/table");
  CHECK(table("uint8", {7}, 7) == "task-label at /label/table");
  CHECK(table("uint8", {6, 1}, 6) == "task-label at /label/table");
  CHECK(table("uint8", {2, 3}, 6) == "task-label at /label/table");
  CHECK(table("uint32", {6}, 24) == "task-label at /label/table");
  CHECK(table("float32", {6}, 24) == "task-label at /label/table");
  CHECK(table("bool", {6}, 6) == "dtype-unknown at /label/table/dtype");
  CHECK(told(list("uint8", {2, 1}, {3, 4}), {{"table", tensor("uint8", {2}, {0, 0})}}) == "none");
  CHECK(told(list("uint8", {2, 1}, {3, 4}), {{"table", tensor("uint8", {3}, {0, 0, 0})}}) ==
        "task-label at /label/table");
}

TEST_CASE("tokens have rows in the embedding, labels are classes") {
  const Task product = task(ranges({{0, 4}, {2, 7}}));
  CHECK(fits(product, 7, 7) == "none");
  CHECK(fits(product, 6, 7) == "task-inputs at /task/inputs");
  CHECK(fits(product, 7, 6) == "label-range at /task/label");
  const Task first = task(ranges({{0, 4}, {2, 7}}), {{"name", "max"}, {"positions", Tree::array({0})}});
  CHECK(fits(first, 7, 4) == "none");
  CHECK(fits(first, 7, 3) == "label-range at /task/label");
  const Task rows = task(list("uint16", {2, 2}, {9, 0, 1, 0, 8, 1, 0, 0})); // [9, 1], [264, 0]
  CHECK(fits(rows, 265, 265) == "none");
  CHECK(fits(rows, 264, 265) == "task-inputs at /task/inputs");
  CHECK(fits(rows, 265, 264) == "label-range at /task/label");
  const Task second =
      task(list("uint16", {2, 2}, {9, 0, 1, 0, 8, 1, 0, 0}), {{"name", "max"}, {"positions", Tree::array({1})}});
  CHECK(fits(second, 265, 2) == "none");
  CHECK(fits(second, 265, 1) == "label-range at /task/label");
  const Task table =
      task(ranges(Tree::array({{0, 3}})), {{"table", tensor("uint16", {3}, {1, 0, 0, 1, 0, 0})}}); // 1, 256, 0
  CHECK(fits(table, 3, 257) == "none");
  CHECK(fits(table, 3, 256) == "label-range at /task/label");
}

TEST_CASE("what today's rules are about: the largest of all tokens in every position") {
  CHECK(is_max_of(task(ranges({{0, 5}, {0, 5}})), 5));
  CHECK_FALSE(is_max_of(task(ranges({{0, 5}, {0, 5}})), 6));
  CHECK_FALSE(is_max_of(task(ranges({{0, 5}, {0, 4}})), 5));
  CHECK_FALSE(is_max_of(task(ranges({{0, 5}, {1, 5}})), 5));
  CHECK_FALSE(is_max_of(task(ranges(Tree::array({{0, 2}})), {{"name", "max"}, {"positions", Tree::array({0})}}), 2));
  CHECK_FALSE(is_max_of(task(ranges(Tree::array({{0, 2}})), {{"table", tensor("uint8", {2}, {0, 1})}}), 2));
  CHECK_FALSE(is_max_of(task(list("uint8", {2, 1}, {0, 1})), 2));
}

TEST_CASE("tasks are the same when all of them is") {
  const Tree two = ranges({{0, 2}, {0, 2}});
  CHECK(task(two) == task(two));
  CHECK(task(two) != task(ranges({{0, 2}, {0, 3}})));
  CHECK(task(two) != task(ranges({{0, 2}, {1, 2}})));
  CHECK(task(two) != task(ranges(Tree::array({{0, 2}}))));
  CHECK(task(two) != task(two, {{"name", "max"}, {"positions", {0, 1}}}));
  CHECK(task(two, {{"name", "max"}, {"positions", {1, 0}}}) != task(two, {{"name", "max"}, {"positions", {0, 1}}}));
  CHECK(task(two) != task(two, {{"table", tensor("uint8", {4}, {0, 1, 1, 1})}}));
  CHECK(task(two, {{"table", tensor("uint8", {4}, {0, 1, 1, 0})}}) !=
        task(two, {{"table", tensor("uint8", {4}, {0, 1, 1, 1})}}));
  CHECK(task(list("uint8", {1, 2}, {0, 1})) != task(list("uint8", {1, 2}, {0, 2})));
  CHECK(task(list("uint8", {1, 1}, {0})) != task(list("uint16", {1, 1}, {0, 0})));
  CHECK(in_words(task(ranges({{0, 4}, {0, 4}, {3, 4}}))) == "2 x [0, 4), 1 x [3, 4); label max");
  CHECK(in_words(task(list("uint8", {1, 2}, {0, 1}), {{"name", "max"}, {"positions", {1, 0}}})) ==
        "1 inputs of 2 positions; label max of positions 1 0");
}
