// What is to be found out about the inputs of one label, whichever rule a certificate then cites for it.
#pragma once

#include "tasks/inputs.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace proofmark {

struct LabelSum {
  Interval loss;        // encloses S_y, the sum of loss(t) over the inputs with label y, or a rule's bound on it
  Interval label_terms; // encloses sum_t sum_i D[t_i, y]: how large the numbers are that cancel in S_y
  Integer correct;      // inputs that are classified correctly, with room for the verifier's own enclosures
  Integer undecided;    // inputs that are tied or too close to a tie

  // No input has a smaller margin (its label's logit less the largest other), with room for the verifier's own enclosures.
  // Of exact sums, where it was asked for and there is more than one output.
  std::optional<double> margin = {};
};

class Ledger;

struct LabelSumOptions {
  bool count_correct = true, margin = true;
  unsigned threads = 1;
  std::function<void(double)> progress = {}; // the fraction that is done, 0 to 1; may be empty
  Ledger* ledger = nullptr; // of exact sums: what is known already, and where to keep more; may be null
};

// How far an enclosure of a logit that the verifier computes may reach from the exact value, before the
// generator's count of correct inputs could differ from the verifier's; in nats. Its doubles round them to 2^-53, relatively.
double verifier_logit_error(double largest_logit);

// How far the verifier's enclosure of a sum over these labels may reach beyond the exact value: in doubles about 1e-13
// nats an input. See docs/generator-numerics.md, section 9.
Interval room_for_verifier(const Task&, LabelRange, const Interval& loss, const Interval& label_terms);

// max(0, N - floor(S / ln 2)), docs/rules/convexity.md: so many of the N inputs with these labels at least are correct,
// because each of the others loses ln 2 or more. From the upper end of the bound on S, with room for the verifier's.
Integer correct_by_loss(const Task&, LabelRange, const LabelSum&);

// What a strategy found, and by which of its family's engines.
struct LabelSums {
  std::vector<LabelSum> labels; // 0 .. V-1
  std::string engine;           // for the provenance
};

} // namespace proofmark
