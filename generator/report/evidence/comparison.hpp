// What the verified proofs of one model say together.
#pragma once

#include "frontier/pareto.hpp"
#include "report/evidence/evidence.hpp"

namespace proofmark {

// The strongest established bound of a kind, and the proof that has it.
struct Strongest {
  std::string bound;
  std::size_t proof = 0;
};

struct Comparison {
  std::optional<Strongest> upper, lower, accuracy, accuracy_upper, margin;
  std::vector<Standing> standings; // of each proof
};

// Throws Error (data) when two verified proofs contradict each other.
Comparison compare(const ShownModel&);

// A bound on the mean loss of the inputs with these labels: what the declared, verified steps say.
struct LabelBounds {
  LabelRange labels;
  Integer inputs;
  Rational lower, upper; // by this proof
  Rational best_lower;   // by any verified proof of the model
};

// One for each step of a verified proof; none where its steps say nothing of the loss, or are no ranges of labels.
std::vector<LabelBounds> label_bounds(const ShownModel&, const ShownProof&);

} // namespace proofmark
