// Which form of proof is best: over partitions by several gaps, one or two sides, both kinds of radii, folded or not.
#pragma once

#include "block_tables/differences.hpp"
#include "block_tables/length.hpp"
#include "explanations/networks.hpp"
#include "opened/choice.hpp"

#include <functional>

namespace proofmark::block_tables {

struct Question {
  const networks::Network& network;
  const Additive& additive;
  const FiniteTask& task;
  const LabelsOfInputs& labels;
  Stated stated;
  std::optional<Integer> budget; // of tables and steps: then the least bound on the loss within it
  std::optional<double> tau;     // without a budget: opened is what the bounds put above -tau; nothing: no class
  const explanations::BlockTables* given = nullptr; // where it says something
  unsigned threads = 1;
  std::function<void(double)> progress = {};
};

struct Found {
  Form form;
  std::vector<opened::Pair> opened;
};
Found search(const Question&); // throws Error (usage) where no form is within the budget

} // namespace proofmark::block_tables
