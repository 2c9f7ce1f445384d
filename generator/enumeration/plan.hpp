// What is to be proved of a described network: everything that can be refused before the work is refused here.
#pragma once

#include "enumeration/described_model.hpp"
#include "enumeration/findings.hpp"
#include "proofs/plan.hpp"

namespace proofmark::enumeration {

inline constexpr std::string_view strategy_name = "enumeration", rule_name = "enumeration@1";

struct NetworkPlan {
  const DescribedModel& model;
  FiniteTask task;
  ProofOptions options;
  std::vector<InputRange> steps;
  Stated stated;
  Integer length; // by a dry run; of many inputs about
  double seconds; // of finding the proof, likely; with the threads of the options

  Compared compared() const { return {stated.correct, stated.margin}; }
};

// The model outlives the plan. Throws Error (usage, data): inputs with a token that has no row in its embedding, labels that are no class,
// another strategy or its options, claims that enumeration cannot support, a length or a file beyond the limits.
NetworkPlan plan(const DescribedModel&, FiniteTask, const ProofOptions&);

// Ranges of indices that cover 0 .. N; between batches where there are enough of them.
std::vector<InputRange> input_ranges(std::uint64_t inputs, std::uint64_t steps);

} // namespace proofmark::enumeration
