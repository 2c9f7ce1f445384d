// What rules for any description and any task see: a network, what the witnesses of the steps' rules make of it, and inputs in
// batches. Each rule has a header of its own for what it prepares.
#pragma once

#include "rules/any/block_tables.hpp"
#include "rules/any/low_rank.hpp"
#include "rules/any/network.hpp"
#include "rules/any/opened.hpp"
#include "rules/result.hpp"

namespace verifier::rules::any {

struct Problem {
  Network network;
  Opened opened = {};
  std::optional<LowRank> low_rank = {};
  std::optional<BlockTables> block_tables = {};
};

inline constexpr std::size_t most_inputs = 1024; // of a batch

struct Inputs {
  std::vector<Tokens> tokens; // [n] of [inputs]
  Tokens labels;              // [inputs]
  Declared declared = {};
  std::vector<Integer> indices = {}; // [inputs]
};

// A rule is about the inputs of a batch.
using Rule = Result (*)(Kernel&, const Problem&, const Inputs&);
Result enumeration(Kernel& k, const Problem& problem, const Inputs& inputs);
Result low_rank(Kernel& k, const Problem& problem, const Inputs& inputs);
Result block_tables(Kernel& k, const Problem& problem,
                    const Inputs& inputs); // a batch: all inputs with one left symbol

} // namespace verifier::rules::any
