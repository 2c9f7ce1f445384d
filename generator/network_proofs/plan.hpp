// What is to be proved of a described network: everything that can be refused before the work is refused here.
#pragma once

#include "network_proofs/strategies.hpp"
#include "proofs/plan.hpp"

namespace proofmark::network_proofs {

struct NetworkPlan {
  const NetworkStrategy* strategy;
  const networks::DescribedModel& model;
  FiniteTask task;
  ProofOptions options;
  NetworkExplanation explanation;
  std::vector<InputRange> steps;
  Stated stated;
  std::optional<Integer> budget; // operations
  Integer length;                // as well as can be told before the work
  double seconds;                // of finding the proof, likely; with the threads of the options
};

// The model outlives the plan. Throws Error (usage, data): inputs with a token that has no row in its embedding, labels that are no class,
// a strategy of families alone, options that the strategy does not take, claims that no steps can support, a length or a file beyond
// the limits.
NetworkPlan plan(const networks::DescribedModel&, FiniteTask, const ProofOptions&, NetworkExplanation = {});

// Ranges of indices that cover 0 .. N; at multiples of the unit where there are enough of them.
std::vector<InputRange> input_ranges(std::uint64_t inputs, std::uint64_t steps, std::uint64_t unit);

// What shares of a budget are of: every value computed for every input, and all that enumeration states of it.
Integer whole_length(const networks::DescribedModel&, const FiniteTask&);

} // namespace proofmark::network_proofs
