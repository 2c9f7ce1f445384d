#include "block_tables/trees.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

using namespace proofmark::block_tables;

namespace {

std::vector<Partition> random_leaves(std::mt19937_64& random, std::size_t count, std::size_t symbols) {
  std::vector<Partition> leaves;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t blocks = 1 + static_cast<std::uint32_t>(random() % 5);
    std::vector<std::uint32_t> labels(symbols);
    for (std::uint32_t& label : labels) label = static_cast<std::uint32_t>(random() % blocks);
    leaves.push_back(named_in_order(labels));
  }
  return leaves;
}

} // namespace

TEST_CASE("blocks are named in the order in which they occur, and joint blocks are the pairs that occur") {
  const Partition a = named_in_order(std::vector<std::uint32_t>{7, 7, 2, 9, 2}),
                  b = named_in_order(std::vector<std::uint32_t>{1, 0, 0, 0, 0});
  CHECK(a.blocks == Blocks{0, 0, 1, 2, 1});
  CHECK(a.count == 3);
  CHECK(joint(a, b).blocks == Blocks{0, 1, 2, 3, 2});
  CHECK(joint(a, b).count == 4);
  CHECK(joint(a, a) == a);
}

TEST_CASE("a gap between sorted numbers begins a block, a smaller one does not") {
  const std::vector<double> numbers{5.01, 1, 5, 1.02, 9};
  CHECK(levels(numbers, 0.2).blocks == Blocks{0, 1, 0, 1, 2});
  CHECK(levels(numbers, 0).count == 5);
  CHECK(levels(numbers, 10).count == 1);
  CHECK(levels(std::vector<double>{3, 3, 3}, 0.1).count == 1);
}

TEST_CASE("a tree reads each node once, says how many joint blocks its nodes have, and is always the same") {
  std::mt19937_64 random(1);
  for (std::size_t n = 1; n < 9; ++n) {
    const std::vector<Partition> leaves = random_leaves(random, n, 30);
    const Tree found = tree(leaves), again = tree(leaves);
    CHECK(found.steps == again.steps);
    REQUIRE(found.steps.size() == n - 1);
    REQUIRE(found.rows.size() == n - 1);
    std::set<std::uint32_t> read;
    for (std::uint32_t i = 0; i < found.steps.size(); ++i) {
      const auto [a, b] = found.steps[i];
      CHECK(a < n + i);
      CHECK(b < n + i);
      CHECK(read.insert(a).second);
      CHECK(read.insert(b).second);
      CHECK(partition_of(static_cast<std::uint32_t>(n + i), found, leaves).count == found.rows[i]);
    }
  }
}

TEST_CASE("what belongs together is joined first, and the smaller child of the root is folded") {
  // 0 and 2 are the same partition, 1 and 3 too; any other order has a node with all 12 joint blocks more.
  std::vector<std::uint32_t> thirds, quarters;
  for (std::uint32_t i = 0; i < 24; ++i) thirds.push_back(i % 3), quarters.push_back(i % 4);
  const Partition a = named_in_order(thirds), b = named_in_order(quarters);
  const std::vector<Partition> leaves{a, b, a, b};
  const Tree found = tree(leaves);
  CHECK(found.rows[0] + found.rows[1] == 3 + 4);
  CHECK(found.rows[2] == 12);
  CHECK(partition_of(folded_node(found, leaves), found, leaves).count == 3);
}
