// Labels by name, by the definitions of schema/FORMAT.md, section 4, spelled out another way.
#include "refusal.hpp"
#include "tasks/task.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <set>

using namespace proofmark;

namespace {

std::optional<std::uint64_t> label(const std::string& name, std::vector<Token> tokens, std::uint64_t parameter = 0) {
  return labels_named(name)->of(tokens, parameter);
}

// Calls with every input of k tokens below V.
void each_input(std::uint64_t k, Token V, const auto& check) {
  const Domain domain = whole_vocabulary(k, V);
  std::vector<Token> input(k);
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(size_of(domain)); ++i)
    input_at(domain, i, input), check(input);
}

} // namespace

TEST_CASE("max, min and sum-modulo") {
  CHECK(label("max", {3, 7, 5}) == 7);
  CHECK(label("min", {3, 7, 5}) == 3);
  CHECK(label("max", {0}) == 0);
  CHECK(label("sum-modulo", {70, 50}, 113) == 7);
  CHECK(label("sum-modulo", {5, 5}, 1) == 0);
  CHECK(label("sum-modulo", std::vector<Token>(64, 0xffffffff), std::uint64_t{1} << 32) ==
        (std::uint64_t{1} << 32) - 64);
}

TEST_CASE("symmetric-group: products of permutations, listed in lexicographic order") {
  for (std::uint64_t degree = 1; degree <= 4; ++degree) {
    std::vector<std::vector<std::uint8_t>> all(1, std::vector<std::uint8_t>(degree));
    std::iota(all[0].begin(), all[0].end(), std::uint8_t{0});
    for (auto next = all[0]; std::next_permutation(next.begin(), next.end());) all.push_back(next);
    for (Token x = 0; x < all.size(); ++x)
      for (Token y = 0; y < all.size(); ++y) {
        std::vector<std::uint8_t> product;
        for (const std::uint8_t i : all[y]) product.push_back(all[x][i]);
        CHECK(all[label("symmetric-group", {x, y}, degree).value()] == product);
      }
    CHECK_FALSE(label("symmetric-group", {0, static_cast<Token>(all.size())}, degree));
  }
  CHECK(label("symmetric-group", {5039, 5039}, 7) == 0); // the reversal, twice
}

TEST_CASE("balanced-brackets: what is left when pairs are struck out") {
  each_input(8, 2, [](const std::vector<Token>& input) {
    std::string word;
    for (const Token token : input) word += token == 0 ? '(' : ')';
    for (std::size_t at; (at = word.find("()")) != word.npos;) word.erase(at, 2);
    CHECK(label("balanced-brackets", input) == (word.empty() ? 1 : 0));
  });
  CHECK_FALSE(label("balanced-brackets", {0, 2}));
}

TEST_CASE("induction: the first earlier occurrence") {
  CHECK(label("induction", {4, 2, 7, 5, 2}) == 7);
  CHECK(label("induction", {2, 7, 2, 5, 2}) == 7);
  CHECK(label("induction", {3, 3}) == 3);
  CHECK_FALSE(label("induction", {1, 2, 3}));
}

TEST_CASE("longest-cycle: the longest that comes back to where it began") {
  each_input(4, 4, [](const std::vector<Token>& map) {
    std::size_t longest = 0;
    for (Token start = 0; start < 4; ++start) {
      std::set<Token> seen;
      Token at = start;
      while (seen.insert(at).second) at = map[at];
      if (at == start) longest = std::max(longest, seen.size());
    }
    CHECK(label("longest-cycle", map) == longest - 1);
  });
  CHECK_FALSE(label("longest-cycle", {0, 2}));
}

TEST_CASE("no label lies above the bound of a product of ranges") {
  for (const Labels* labels : all_labels()) {
    const std::uint64_t parameter = labels->parameter.name == "degree" ? 2 : labels->parameter.name.empty() ? 0 : 3;
    std::vector<Token> input(2);
    for (const Domain& domain :
         {Domain{2, {{0, 2}, {0, 2}}}, Domain{2, {{1, 2}, {0, 1}}}, Domain{2, {{0, 1}, {0, 2}}}}) {
      CAPTURE(labels->name);
      const std::vector<Token> largest{largest_token(domain, 0), largest_token(domain, 1)};
      const auto most = labels->most(largest, parameter);
      REQUIRE(most);
      for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(size_of(domain)); ++i) {
        input_at(domain, i, input);
        if (const auto found = labels->of(input, parameter)) CHECK(*found <= *most);
      }
    }
  }
  CHECK_FALSE(labels_named("balanced-brackets")->most(std::vector<Token>{1, 2}, 0));
  CHECK_FALSE(labels_named("longest-cycle")->most(std::vector<Token>{1, 2}, 0));
  CHECK_FALSE(labels_named("symmetric-group")->most(std::vector<Token>{1, 2}, 2));
}

TEST_CASE("a label reads the positions that it names, in their order") {
  const Labelling first_two{&sum_modulo_labels, 113, {0, 1}}, order{&symmetric_group_labels, 3, {2, 0}};
  const std::vector<Token> input{70, 50, 113}, other{1, 9, 2};
  CHECK(label_of(first_two, 0, input) == 7);
  CHECK(label_of(order, 0, other) == label("symmetric-group", {2, 1}, 3));
  CHECK(label_of({nullptr, 0, {}, {4, 5}}, 1, input) == 5);
  CHECK(text(first_two) == "sum-modulo:113@0,1");
  CHECK(text(Labelling{&max_labels}) == "max");
}

TEST_CASE("labels that do not fit are refused") {
  const auto refused = [](const FiniteTask& task, std::uint64_t classes, const char* part) {
    check_refused([&] { require_labels(task, classes); }, part);
  };
  const Domain three = whole_vocabulary(2, 3);
  CHECK_NOTHROW(require_labels({three, {&max_labels}}, 3));
  refused({three, {&max_labels}}, 2, "may be 2, but the model has 2 classes, 0 to 1");
  refused({{2, {}, {0, 1, 1, 2}}, {&max_labels}}, 2, "input 1 (1,2) has the label 2");
  CHECK_NOTHROW(require_labels({{2, {}, {0, 1, 1, 1}}, {&max_labels}}, 2));
  refused({{2, {}, {1, 1, 0, 2}}, {&induction_labels}}, 3, "input 1 (0,2) has no label induction");
  refused({three, {&induction_labels}}, 3, "has no label induction");
  refused({three, {&balanced_brackets_labels}}, 2, "has a token other than 0 and 1");
  refused({three, {&max_labels, 0, {2}}}, 3, "reads position 2, but inputs have 2 tokens");
  refused({three, {&max_labels, 0, {1, 1}}}, 3, "reads position 1 twice");
  refused({three, {&symmetric_group_labels, 3, {0}}}, 6, "reads 1 token, expected 2");
  refused({three, {&sum_modulo_labels}}, 3, "needs a modulus from 1 to 4294967296");
  refused({three, {&symmetric_group_labels, 8}}, 3, "needs a degree from 1 to 7");
}

TEST_CASE("the task of a family's strategies is one among others") {
  const FiniteTask task = finite_task({3, 5});
  CHECK(size_of(task.domain) == 125);
  const auto back = over_vocabulary(task);
  REQUIRE(back);
  CHECK(back->context == 3);
  CHECK(back->vocabulary == 5);
  CHECK_FALSE(over_vocabulary({{2, {{0, 5}, {0, 4}}}, {&max_labels}}));
  CHECK_FALSE(over_vocabulary({{2, {{1, 5}, {1, 5}}}, {&max_labels}}));
  CHECK_FALSE(over_vocabulary({whole_vocabulary(2, 5), {&min_labels}}));
  CHECK_FALSE(over_vocabulary({whole_vocabulary(2, 5), {&max_labels, 0, {0}}}));
  CHECK_FALSE(over_vocabulary({{2, {}, {0, 1}}, {&max_labels}}));
}
