// What a person says of a described network, for the strategies low-rank and block-tables: plain data, names already looked up
// (docs/explanations.md). What is left open, the strategy's own search completes; whatever stands here, the rules are sound.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace proofmark::explanations {

// ---- low-rank --------------------------------------------------------------------------------------------------------

struct NamedLabelling {
  std::string name;                  // "token@0", "sum-modulo:113@0,1"; of a list that was written out "list"
  std::vector<std::uint16_t> labels; // [N], of each input of the task
};

struct LowRank {
  std::optional<std::uint64_t> rank; // k

  // Rows over the classes [C] that B is to begin with: pulled back through U, f^T U. Of frequencies k with a modulus p: cos and
  // sin(2 pi k c / p), which are `rank` rows where that is not given. None: the search takes B from U alone.
  std::vector<std::vector<double>> directions;
  std::uint64_t modulus = 0; // p, and the frequencies that they are of: to be written again
  std::vector<std::uint64_t> frequencies;

  std::optional<double> keep; // entries of B that stay, in multiples of m; the others become 0

  std::optional<std::vector<NamedLabelling>> labellings; // none at all: an empty list
};

// ---- block-tables ----------------------------------------------------------------------------------------------------

// Of the symbols of one side: the tokens of the right position, or the combinations of all positions before it.
struct Partition {
  std::string name; // "images:3"; of a list that was written out "list"
  std::vector<std::uint16_t>
      blocks; // of each symbol; every block below the largest occurs, in the order of first occurrence

  // Those that follow it; nothing: each neuron that no list has goes to the partition without a list that fits it best.
  std::optional<std::vector<std::uint64_t>> neurons;
};

struct Side {
  std::vector<Partition> partitions;
  bool search = false; // neurons for which no partition fits get what the search finds
};

struct BlockTables {
  std::optional<Side> right, left;    // nothing: what the search finds
  std::optional<bool> two_sided;      // false: L^ = L
  std::optional<bool> positive_parts; // radii by positive parts; false: by norms
};

} // namespace proofmark::explanations
