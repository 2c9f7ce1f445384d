// Tasks: inputs by ranges and by list, labels by name and by table.
#include "certificates.hpp"

#include "reading/forms.hpp"

#include <doctest/doctest.h>

#include <numeric>

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

// ---- labels against plain definitions ------------------------------------------------------------------------------------

namespace {

using Numbers = std::vector<std::uint64_t>;

std::optional<std::uint64_t> label(const std::string& name, const Numbers& a, std::uint64_t parameter = 0) {
  const verifier::LabelFunction& function = *verifier::find_label_function(name);
  if (function.tokens_below != nullptr && std::ranges::max(a) >= function.tokens_below(a.size(), parameter)) return {};
  return function.of(a, parameter);
}

// Every input of n tokens below V.
template <class Check>
void for_all(std::size_t n, std::uint64_t V, Check check) {
  Numbers t(n);
  for (bool more = true; more;) {
    check(t);
    more = false;
    for (std::size_t p = n; p-- > 0 && !more;) more = ++t[p] < V || (t[p] = 0, false);
  }
}

} // namespace

TEST_CASE("labels: max, min, sum-modulo") {
  for_all(3, 5, [](const Numbers& t) {
    CHECK(label("max", t) == std::max({t[0], t[1], t[2]}));
    CHECK(label("min", t) == std::min({t[0], t[1], t[2]}));
    for (const std::uint64_t modulus : {1, 2, 7, 100})
      CHECK(label("sum-modulo", t, modulus) == (t[0] + t[1] + t[2]) % modulus);
  });
  CHECK(label("sum-modulo", Numbers(64, (std::uint64_t{1} << 32) - 1), std::uint64_t{1} << 32) ==
        ((std::uint64_t{1} << 32) - 64));
}

TEST_CASE("labels: symmetric-group, (x y)(i) = x(y(i)) of permutations in lexicographic order") {
  for (std::uint64_t degree = 1; degree <= 4; ++degree) {
    std::vector<Numbers> permutations;
    Numbers images(degree);
    std::iota(images.begin(), images.end(), std::uint64_t{0});
    do permutations.push_back(images);
    while (std::next_permutation(images.begin(), images.end()));
    for_all(2, permutations.size(), [&](const Numbers& t) {
      Numbers product;
      for (std::uint64_t i = 0; i < degree; ++i) product.push_back(permutations[t[0]][permutations[t[1]][i]]);
      const auto rank = std::ranges::find(permutations, product) - permutations.begin();
      CHECK(label("symmetric-group", t, degree) == static_cast<std::uint64_t>(rank));
    });
    CHECK(label("symmetric-group", {permutations.size() - 1, 0}, degree) == permutations.size() - 1);
    CHECK_FALSE(label("symmetric-group", {permutations.size(), 0}, degree).has_value());
  }
  CHECK(label("symmetric-group", {5039, 5039}, 7) == 0); // a reversal twice
}

TEST_CASE("labels: balanced-brackets, induction, longest-cycle") {
  for (std::size_t n = 1; n <= 7; ++n)
    for_all(n, 2, [&](const Numbers& t) {
      std::string text; // "()" is taken out as long as there is one
      for (const std::uint64_t token : t) text += token == 0 ? '(' : ')';
      for (std::size_t at; (at = text.find("()")) != std::string::npos;) text.erase(at, 2);
      CHECK(label("balanced-brackets", t) == (text.empty() ? 1 : 0));
    });
  CHECK_FALSE(label("balanced-brackets", {0, 2}).has_value());
  CHECK(label("induction", {4, 7, 4, 9, 4}) == 7);
  CHECK(label("induction", {3, 3}) == 3);
  CHECK(label("induction", {5, 1, 1}) == 1);
  CHECK_FALSE(label("induction", {5, 1, 2}).has_value());
  for_all(4, 4, [](const Numbers& t) {
    std::size_t longest = 0; // by definition: the least k > 0 with t^k(i) = i
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t k = 1, j = t[i]; k <= 4; ++k, j = t[j])
        if (j == i) {
          longest = std::max(longest, k);
          break;
        }
    CHECK(label("longest-cycle", t) == longest - 1);
  });
  CHECK_FALSE(label("longest-cycle", {0, 2}).has_value());
}

TEST_CASE("labels: parameters, numbers of positions, and bounds, just inside and just outside") {
  const Tree two = ranges({{0, 2}, {0, 2}}), three = ranges({{0, 2}, {0, 2}, {0, 2}});
  const auto sum = [&](const Tree& modulus) { return told(two, {{"name", "sum-modulo"}, {"modulus", modulus}}); };
  CHECK(sum(1) == "none");
  CHECK(sum(std::uint64_t{1} << 32) == "none");
  CHECK(sum(0) == "task-label at /label/modulus");
  CHECK(sum((std::uint64_t{1} << 32) + 1) == "task-label at /label/modulus");
  CHECK(sum("3") == "type-mismatch at /label/modulus");
  CHECK(told(two, {{"name", "sum-modulo"}}) == "key-missing at /label");
  CHECK(told(two, {{"name", "sum-modulo"}, {"modulus", 3}, {"degree", 3}}) == "key-unknown at /label");
  CHECK(told(two, {{"name", "max"}, {"modulus", 3}}) == "key-unknown at /label");
  CHECK(told(two, {{"table", tensor("uint8", {4}, Bytes(4))}, {"degree", 3}}) == "key-unknown at /label");
  const auto group = [&](const Tree& inputs, std::uint64_t degree) {
    return told(inputs, {{"name", "symmetric-group"}, {"degree", degree}});
  };
  CHECK(group(two, 1) == "none");
  CHECK(group(two, 7) == "none");
  CHECK(group(two, 0) == "task-label at /label/degree");
  CHECK(group(two, 8) == "task-label at /label/degree");
  CHECK(group(three, 3) == "task-label at /label");
  CHECK(told(three, {{"name", "symmetric-group"}, {"degree", 3}, {"positions", {2, 0}}}) == "none");
  CHECK(told(two, {{"name", "induction"}}) == "none");
  CHECK(told(two, {{"name", "induction"}, {"positions", Tree::array({1})}}) == "task-label at /label");

  const auto bound = [&](const Tree& inputs, const Tree& label, std::uint64_t classes) {
    return fits(task(inputs, label), 100, classes);
  };
  const Tree uneven = ranges({{0, 4}, {2, 7}});
  struct Row {
    Tree inputs, label;
    std::uint64_t most;
  };
  for (const Row& row :
       {Row{uneven, {{"name", "min"}}, 3}, Row{uneven, {{"name", "sum-modulo"}, {"modulus", 9}}, 8},
        Row{uneven, {{"name", "sum-modulo"}, {"modulus", 90}}, 9},
        Row{uneven, {{"name", "symmetric-group"}, {"degree", 4}}, 23}, Row{two, {{"name", "balanced-brackets"}}, 1},
        Row{uneven, {{"name", "induction"}}, 6}, Row{three, {{"name", "longest-cycle"}}, 2}}) {
    CAPTURE(row.label.dump());
    CHECK(bound(row.inputs, row.label, row.most + 1) == "none");
    CHECK(bound(row.inputs, row.label, row.most) == "label-range at /task/label");
  }
  CHECK(bound(uneven, {{"name", "symmetric-group"}, {"degree", 3}}, 100) == "task-label at /task/label");
  CHECK(bound(ranges({{0, 2}, {0, 3}}), {{"name", "balanced-brackets"}}, 9) == "task-label at /task/label");
  CHECK(bound(ranges({{0, 2}, {0, 3}}), {{"name", "longest-cycle"}}, 9) == "task-label at /task/label");
  // Of a list, input by input.
  const Tree group_list = list("uint8", {2, 2}, {0, 0, 1, 1});
  CHECK(bound(group_list, {{"name", "symmetric-group"}, {"degree", 3}}, 1) == "none");
  const Tree induction = list("uint8", {2, 3}, {1, 5, 1, 1, 5, 5});
  CHECK(bound(induction, {{"name", "induction"}}, 6) == "none");
  CHECK(bound(induction, {{"name", "induction"}}, 5) == "label-range at /task/label");
  CHECK(bound(list("uint8", {2, 3}, {1, 5, 1, 1, 5, 2}), {{"name", "induction"}}, 6) == "task-label at /task/label");
}

TEST_CASE("inputs in their order, from any index on, with their labels") {
  const Task product =
      task(ranges({{1, 3}, {0, 3}, {7, 8}}), {{"name", "sum-modulo"}, {"modulus", 3}, {"positions", {1, 0}}});
  const verifier::SomeInputs all = inputs_from(product, 0, 6, 3), some = inputs_from(product, 2, 3, 3);
  CHECK(all.tokens ==
        std::vector<std::vector<std::uint32_t>>{{1, 1, 1, 2, 2, 2}, {0, 1, 2, 0, 1, 2}, {7, 7, 7, 7, 7, 7}});
  CHECK(all.labels == std::vector<std::uint32_t>{1, 2, 0, 2, 0, 1});
  CHECK(some.tokens[1] == std::vector<std::uint32_t>{2, 0, 1});
  CHECK(some.labels == std::vector<std::uint32_t>{0, 2, 0});
  const verifier::SomeInputs picked = inputs_at(product, {5, 0}, 3);
  CHECK(picked.tokens[0] == std::vector<std::uint32_t>{2, 1});
  CHECK(picked.labels == std::vector<std::uint32_t>{1, 1});
  CHECK(certificates::told([&] { inputs_from(product, 0, 6, 2); }) == "label-range at /task/label");
  const Task rows = task(list("uint16", {2, 2}, {9, 0, 1, 0, 8, 1, 0, 0}), {{"table", tensor("uint8", {2}, {4, 3})}});
  CHECK(inputs_from(rows, 1, 1, 5).tokens == std::vector<std::vector<std::uint32_t>>{{264}, {0}});
  CHECK(inputs_from(rows, 0, 2, 5).labels == std::vector<std::uint32_t>{4, 3});
  const Task many = task(ranges(Tree(std::vector<Tree>(64, Tree{0, 2}))));
  CHECK(inputs_at(many, {(mpz_class(1) << 64) - 1}, 2).tokens == std::vector<std::vector<std::uint32_t>>(64, {1}));
}

TEST_CASE("each position has tokens of its own") {
  const Task product = task(ranges({{0, 4}, {0, 2}}));
  const auto fit = [&](const Task& task, const std::vector<std::uint64_t>& tokens) {
    return certificates::told([&] { require_fitting(task, tokens, 9, "/task"); });
  };
  CHECK(fit(product, {4, 2}) == "none");
  CHECK(fit(product, {3, 9}) == "task-inputs at /task/inputs");
  CHECK(fit(product, {9, 1}) == "task-inputs at /task/inputs");
  const Task rows = task(list("uint8", {2, 2}, {3, 0, 0, 1}));
  CHECK(fit(rows, {4, 2}) == "none");
  CHECK(fit(rows, {3, 9}) == "task-inputs at /task/inputs");
  CHECK(fit(rows, {9, 1}) == "task-inputs at /task/inputs");
}
