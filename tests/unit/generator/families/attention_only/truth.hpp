// Transformers' tables for tests, drawn directly and as free as they can be, and the truth about each label by 250-bit
// intervals over every input, from the definition.
#pragma once

#include "families/attention_only/bounds/tables.hpp"
#include "strategies/label_sum.hpp"

#include <random>
#include <string>

namespace proofmark::test {

struct NamedTables {
  std::string name;
  attention_only::Tables tables;
};

// Small ones of every kind: like trained ones, noise of every size, weights over two hundred orders of magnitude, exact
// ties, help that may not be taken for granted. V from 2 to 6, n from 1 to 4.
std::vector<NamedTables> small_tables(unsigned seed, unsigned count);

// S, how many inputs are correct, how many of the others are undecided: ties; and the least margin. Entries of the tables are
// exact.
LabelSum true_sum(const attention_only::Tables&, std::uint64_t label);

} // namespace proofmark::test
