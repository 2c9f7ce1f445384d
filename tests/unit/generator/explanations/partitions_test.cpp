// Partitions by name against definitions spelled out here.
#include "explanations/partitions.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <stdexcept>

using namespace proofmark::explanations;

namespace {

using Permutation = std::vector<std::uint64_t>;

std::vector<Permutation> permutations(std::size_t degree) {
  Permutation next(degree);
  std::iota(next.begin(), next.end(), std::uint64_t{0});
  std::vector<Permutation> result;
  do result.push_back(next);
  while (std::next_permutation(next.begin(), next.end()));
  return result;
}

// Whether two symbols share a block exactly where `same` says so, and blocks are counted as they occur.
template <class Same>
void check_blocks(const Blocks& blocks, const Same& same) {
  std::uint16_t next = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    CHECK(blocks[i] <= next);
    if (blocks[i] == next) ++next;
    for (std::size_t j = 0; j < i; ++j) CHECK((blocks[i] == blocks[j]) == same(i, j));
  }
}

std::string why(const std::string& name, std::uint64_t symbols) {
  try {
    partition_named(name, symbols);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "nothing";
}

} // namespace

TEST_CASE("partitions of permutations") {
  const std::vector<Permutation> all = permutations(4);
  const auto place = [&](std::size_t i, std::uint64_t of) {
    return std::find(all[i].begin(), all[i].end(), of) - all[i].begin();
  };
  const auto product = [&](const Permutation& x, const Permutation& y) {
    Permutation result;
    for (const std::uint64_t i : y) result.push_back(x[i]);
    return result;
  };
  check_blocks(partition_named("images:2", 24), [&](std::size_t i, std::size_t j) { return all[i][2] == all[j][2]; });
  check_blocks(partition_named("preimages:2", 24),
               [&](std::size_t i, std::size_t j) { return place(i, 2) == place(j, 2); });
  check_blocks(partition_named("image-pairs:0,3", 24),
               [&](std::size_t i, std::size_t j) { return all[i][0] == all[j][0] && all[i][3] == all[j][3]; });
  check_blocks(partition_named("preimage-sets:0,3", 24), [&](std::size_t i, std::size_t j) {
    return std::set{place(i, 0), place(i, 3)} == std::set{place(j, 0), place(j, 3)};
  });
  const auto odd = [&](std::size_t i) {
    int inversions = 0;
    for (std::size_t a = 0; a < 4; ++a)
      for (std::size_t b = a + 1; b < 4; ++b) inversions += all[i][a] > all[i][b] ? 1 : 0;
    return inversions % 2;
  };
  check_blocks(partition_named("sign", 24), [&](std::size_t i, std::size_t j) { return odd(i) == odd(j); });
  check_blocks(partition_named("images:1&sign", 24),
               [&](std::size_t i, std::size_t j) { return all[i][1] == all[j][1] && odd(i) == odd(j); });
  // Cosets of the subgroup of order 3 that 1203 generates.
  const std::vector<Permutation> subgroup = {{0, 1, 2, 3}, {1, 2, 0, 3}, {2, 0, 1, 3}};
  const auto in_coset = [&](std::size_t i, std::size_t j, bool left) {
    return std::any_of(subgroup.begin(), subgroup.end(), [&](const Permutation& h) {
      return (left ? product(all[j], h) : product(h, all[j])) == all[i];
    });
  };
  check_blocks(partition_named("left-cosets:1203", 24),
               [&](std::size_t i, std::size_t j) { return in_coset(i, j, true); });
  check_blocks(partition_named("right-cosets:1203", 24),
               [&](std::size_t i, std::size_t j) { return in_coset(i, j, false); });
  CHECK(partition_named("left-cosets:1203", 24) != partition_named("right-cosets:1203", 24));
  // The stabiliser of 3, from two generators.
  CHECK(partition_named("left-cosets:1023,1203", 24) == partition_named("images:3", 24));
  CHECK(partition_named("right-cosets:1023,1203", 24) == partition_named("preimages:3", 24));
}

TEST_CASE("partitions of numbers, and all or nothing") {
  check_blocks(partition_named("residues:3", 10), [](std::size_t i, std::size_t j) { return i % 3 == j % 3; });
  check_blocks(partition_named("one", 5), [](std::size_t, std::size_t) { return true; });
  check_blocks(partition_named("each", 5), [](std::size_t, std::size_t) { return false; });
  CHECK(partition_named("each", 65536).back() == 65535);
  CHECK_THROWS_AS(partition_named("each", 65537), std::invalid_argument);
  check_blocks(partition_named("residues:2&residues:3", 12),
               [](std::size_t i, std::size_t j) { return i % 6 == j % 6; });
}

TEST_CASE("what has a name is written by it") {
  for (const char* name : {"one", "each", "sign", "images:3", "preimages:0", "image-sets:1,2", "preimage-pairs:0,4",
                           "images:2&sign", "image-sets:0,1&sign"}) {
    CAPTURE(name);
    CHECK(name_of(partition_named(name, 120)) == name);
  }
  CHECK(name_of(partition_named("residues:7", 113)) == "residues:7");
  CHECK(name_of(in_order(std::vector<std::uint64_t>{5, 5, 5, 1, 1, 0})).empty());
}

TEST_CASE("a name that is none says why") {
  CHECK(why("images:5", 120) == "images: expected a number from 0 to 4, found '5'");
  CHECK(why("image:1", 120).find("did you mean 'images'?") != std::string::npos);
  CHECK(why("images:1", 113).find("113 symbols are not all those of 1 to 7 things") != std::string::npos);
  CHECK(why("image-pairs:1", 120) == "image-pairs has 1 number behind it, expected 2");
  CHECK(why("image-pairs:1,1", 120) == "image-pairs has 1 twice");
  CHECK(why("sign:1", 120) == "sign has 1 number behind it, expected 0");
  CHECK(why("left-cosets:01233", 120).find("no permutation of 0 to 4") != std::string::npos);
  CHECK(why("left-cosets:0123", 120).find("no permutation of 0 to 4") != std::string::npos);
  CHECK(why("left-cosets:", 120).find("no permutation of 0 to 4") != std::string::npos);
  CHECK(why("residues:0", 10) == "residues: expected a number from 1 to 10, found '0'");
  CHECK(why("residues:-1", 10) == "residues: expected a number from 1 to 10, found '-1'");
  CHECK(why("", 10).find("there is no partition ''") != std::string::npos);
  CHECK(why("sign&", 120).find("there is no partition ''") != std::string::npos);
}
