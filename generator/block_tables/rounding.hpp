// Another network: the tables of tokens, rounded to the means of blocks (docs/training.md). What is left of its columns is nothing, or
// a rounding to their type, so that block-tables@1 loses nothing either.
#pragma once

#include "block_tables/groups.hpp"
#include "models/safetensors.hpp"
#include "networks/description.hpp"

namespace proofmark::block_tables {

struct RoundedTable {
  std::string tensor;
  std::size_t tokens = 0, partitions = 0; // of its columns, those of neurons that matter
  std::size_t least = 0, most = 0;        // blocks of a partition
  double off = 0;                         // the root mean square of what was rounded away, of what the entries vary
};

// Rounds tables of the file, those of the tokens in the ranges of the domain. Throws Error (usage, data) where the network is none of
// block-tables', or where maps stand between its tables and its activation.
std::vector<RoundedTable> round_to_blocks(SafetensorsFile&, const networks::Description&, const Domain&, Grouping);

} // namespace proofmark::block_tables
