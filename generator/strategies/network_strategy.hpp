// A way to prove what a described network does, of whatever inputs and labels: a row, as strategy.hpp has one for the models of a
// family. It stands in the strategy's own room, and is all that network_proofs/ and the commands know of it.
#pragma once

#include "certificates/certificate.hpp"
#include "explanations/networks.hpp"
#include "networks/described_model.hpp"
#include "strategies/kept_lines.hpp"
#include "strategies/options.hpp"

#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace proofmark {

// What a person says of the network, for the strategies that take it; nothing is said.
using NetworkExplanation = std::variant<std::monostate, explanations::LowRank, explanations::BlockTables>;

struct InputRange { // indices of inputs, [from, to)
  std::uint64_t from = 0, to = 0;
};

// What a step declares: what both engines of the verifier will confirm.
struct StepFindings {
  Rational lo, hi;                // the sum of the losses, with room for the verifier's enclosure; dyadic
  Integer least, most;            // correct inputs
  std::optional<Rational> margin; // dyadic; none where there is one class
  Integer operations;             // that closing the step takes, exactly
};

struct NetworkFindings {
  std::vector<StepFindings> steps;
  Witnesses witnesses;
  Integer tables;                                // operations that what all steps share takes, exactly
  Integer undecided;                             // inputs that are tied or too close to call
  std::string engine;                            // for the provenance
  std::map<std::string, std::string> parameters; // that the search chose, by name: "rank"; for the provenance
  NetworkExplanation explanation; // that gives these witnesses again; of a strategy that takes none, nothing
};

// What it is asked for.
struct NetworkAssignment {
  const networks::DescribedModel& model;
  const FiniteTask& task;
  const std::vector<InputRange>& steps;
  const StrategyOptions& options;
  const NetworkExplanation& explanation;     // of the strategy's kind, or nothing
  Stated stated;                             // what the steps are to state
  std::optional<Integer> budget;             // operations that tables and steps together may take
  Integer length;                            // of checking it, as the row has it
  unsigned threads = 1;                      // the findings do not depend on them
  std::function<void(double)> progress = {}; // told the fraction that is done; may be empty
  KeptLines* ledger = nullptr;               // of a strategy that has lines to keep; may be null
};

struct NetworkStrategy {
  std::string_view name;               // as --strategy takes it
  std::string_view rule;               // that its steps cite
  std::string_view summary;            // for --help
  std::vector<std::string_view> takes; // options beyond the name, as StrategyOptions::parameters has them
  std::size_t explained_by = 0;        // the kind of `NetworkExplanation` that it takes

  // Throws Error (usage, data) for descriptions, inputs and options that it does not take.
  void (*check)(const networks::DescribedModel&, const FiniteTask&, const StrategyOptions&);

  // Steps begin at multiples of it where there are as many; `whole`: everywhere, so that there are no more steps.
  std::uint64_t (*unit)(const FiniteTask&);
  bool whole = false;

  // What checking takes, its conclusion apart: as well as can be told before the work.
  Integer (*length)(const networks::DescribedModel&, const FiniteTask&, const StrategyOptions&, const Stated&);

  double (*seconds)(const networks::DescribedModel&, const FiniteTask&, const Integer& length); // of one thread, likely

  NetworkFindings (*find)(const NetworkAssignment&);

  // The first line of a ledger for such a proof, and what its lines are ("13 batches"); null where there is nothing to keep.
  std::string (*ledger_of)(const networks::DescribedModel&, const FiniteTask&,
                           const std::vector<InputRange>&) = nullptr;
  std::string (*pieces)(const FiniteTask&) = nullptr;

  const char* shorter =
      "--inputs 0..2,0..2,5 takes fewer inputs; --inputs FILE lists them"; // a hint where it would be too long
};

// Each in its own room; network_proofs/strategies.cpp has the list.
extern const NetworkStrategy enumeration_strategy, block_tables_strategy, low_rank_strategy;

} // namespace proofmark
