// Groups, blocks and trees: integers.
#include "rules/any/blocks.hpp"

#include <doctest/doctest.h>

using namespace verifier::rules::any;
using List = std::vector<Index>;

TEST_CASE("a tree's steps read two nodes before them, and no node twice") {
  CHECK(steps_of_tree({}, 1) == 0);
  CHECK(steps_of_tree({{0, 1}}, 2) == 1);
  CHECK(steps_of_tree({{2, 0}, {3, 1}}, 3) == 2);
  CHECK(steps_of_tree({{0, 1}, {2, 3}}, 3) == 2);
  CHECK(steps_of_tree({{0, 0}}, 2) == 0);         // twice at once
  CHECK(steps_of_tree({{0, 1}, {0, 3}}, 3) == 1); // a leaf twice
  CHECK(steps_of_tree({{0, 1}, {3, 0}}, 3) == 1);
  CHECK(steps_of_tree({{0, 1}, {2, 3}, {3, 4}}, 4) == 1 + 1); // a node that a step made, twice
  CHECK(steps_of_tree({{0, 3}, {1, 2}}, 3) == 0);             // forward
  CHECK(steps_of_tree({{3, 0}, {1, 2}}, 3) == 0);
  CHECK(steps_of_tree({{0, 2}}, 2) == 0); // its own node
  CHECK(steps_of_tree({{0, 65535}}, 2) == 0);
}

TEST_CASE("joint blocks are the pairs that occur") {
  const Joint both = joint({{0, 1, 0, 1, 1}, 2}, {{0, 2, 1, 2, 0}, 3});
  CHECK(both.of == List{0, 1, 2, 1, 3});
  CHECK(both.count == 4);
  CHECK(both.first == List{0, 1, 0, 1});
  CHECK(both.second == List{0, 2, 1, 0});
  const Joint large = joint({{65535, 0}, 65536}, {{1, 65535}, 65536});
  CHECK(large.count == 2);
}

TEST_CASE("groups and cells: which neurons two groups have in common, and where they stand in both") {
  const Groups right = groups_of({1, 0, 1, 1, 0}, std::vector<Blocks>(2));
  CHECK(right.neurons == std::vector<List>{{1, 4}, {0, 2, 3}});
  const Groups left = groups_of({2, 0, 0, 2, 1}, std::vector<Blocks>(3));
  const std::vector<Cell> first = cells(right, 0, left), second = cells(right, 1, left);
  REQUIRE(first.size() == 2);
  REQUIRE(second.size() == 2);
  CHECK(first[0].left == 0);
  CHECK(first[0].neurons == List{1});
  CHECK(first[0].in_left == List{0});
  CHECK(first[0].in_right == List{0});
  CHECK(first[1].left == 1);
  CHECK(first[1].neurons == List{4});
  CHECK(first[1].in_left == List{0});
  CHECK(first[1].in_right == List{1});
  CHECK(second[0].left == 0);
  CHECK(second[0].neurons == List{2});
  CHECK(second[0].in_left == List{1});
  CHECK(second[0].in_right == List{1});
  CHECK(second[1].left == 2);
  CHECK(second[1].neurons == List{0, 3});
  CHECK(second[1].in_left == List{0, 1});
  CHECK(second[1].in_right == List{0, 2});
}
