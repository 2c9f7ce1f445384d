// What is to be proved and how, with everything that can be refused before the work refused: a model's shape and what is asked
// for, in; a plan, out. `prove` (proving.hpp) carries it out.
#pragma once

#include "certificates/claims.hpp"
#include "explanations/file.hpp"
#include "proofs/steps.hpp"
#include "strategies/strategy.hpp"

#include <map>
#include <string>
#include <vector>

namespace proofmark {

// One certificate's parameters, as `prove` has them on its command line.
struct ProofOptions {
  std::uint64_t context = 0; // tokens of an input; 0: as the model says
  std::string strategy;      // a name of the family's strategies
  StrategyOptions how;       // of that strategy
  std::uint64_t steps = 0;   // 0: 64, or V where that is less
  Quantities quantities;     // to claim; what is left out need not be found
  std::vector<Claim> bounds; // claims to make; none: the best that the proof supports
  unsigned threads = 1;      // the certificate does not depend on them
  bool force = false;        // start even when the work is likely to take more than half an hour
  std::shared_ptr<const explanations::File> explanation = nullptr; // null: none was given
};

// How many tokens an input has: what the user says (0: nothing), or else what the model says. Throws Error (usage) when
// neither says it, and when the user's number is not that of the positions of a model that has some.
std::uint64_t context_of(const Model&, std::uint64_t given);

// What to say of a context that is not the one in the model's file; empty where it is.
std::string context_note(const Model&, std::uint64_t context);

// Everything that tells one certificate of a model from another, by the names of the command line ("context", "steps");
// what is left at its default is left out. A new option of a strategy gets its line here.
std::map<std::string, std::string> parameters(const ProofOptions&);

struct Plan {
  const Strategy* strategy;
  Shape shape;
  ProofOptions options;
  std::vector<LabelRange> steps;
  Stated stated; // what steps are to state; correct inputs are left out where none is found and nobody asked

  Integer length; // by a dry run
  double seconds; // of finding the proof, likely; with the threads of the options

  const Task& task() const { return shape.task; }
  bool correct() const { return stated.correct || stated.margin; } // whether correct inputs are looked at
};

// Throws Error when it can be known before the work that there is no such proof, or that the verifier would decline it: an
// unknown strategy, claims that no steps could support, a length or a file beyond the limits. Takes milliseconds.
Plan plan(const Shape&, const ProofOptions&);

void require_steps(const Task&, std::uint64_t steps); // throws Error (usage) when there are not so many labels

// How long the work of a plan may take; throws Error (usage) where it is likely to take longer.
double patience_of(const ProofOptions&);
void require_patience(const Plan&);

// What to say of proofs before work that takes longer than a moment; empty where it does not.
std::string announcement(const Integer& length, double seconds, unsigned threads);

// What is refused of a certificate that is made, as well.
void require_length(const Strategy&, const Integer&);
void require_length(std::string_view strategy, const Integer&, const char* hint);
void require_file_size(const Integer& bytes);

} // namespace proofmark
