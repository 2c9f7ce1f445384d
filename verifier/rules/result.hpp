// What a rule establishes of its inputs. It fills in what it bounds.
#pragma once

#include "kernel/total.hpp"

#include <optional>
#include <vector>

namespace verifier::rules {

// What a step declares.
struct Declared {
  bool correct = true;                                // how many are
  std::optional<kernel::Integer> margin = {};         // in steps of 2^-60, rounded up: that no input has a smaller one
  bool loss = true;                                   // the sum of it
  bool compares() const { return correct || margin; } // logits are compared
};

// Inputs of which a declaration stays open after they were evaluated, and what is known of the others. Single inputs cost little, so
// they may be evaluated once more with more precision, if there are at most so many.
struct OpenInputs {
  static constexpr std::size_t most = 1024;
  std::vector<kernel::Integer> indices; // in any order; one more than that many: too many, and not all of them
  kernel::Integer others_correct;       // where `correct` is declared
  kernel::Least others_margin;
  void add(const OpenInputs& x);
};

struct Result {
  // Enclosures of the rule's two bounds of the summed loss, the same for a rule that is exact: the losses sum to at least
  // at_least.lower and at most at_most.upper.
  kernel::Total at_least, at_most;
  kernel::Integer correct_at_least, correct_at_most;
  kernel::Least margin; // over the inputs, of the label's logit less the largest other
  OpenInputs open;

  void add(const Result& x);
  // Inputs with these indices, of which `others` [inputs x 1] has the largest other logit less the label's.
  void add_inputs(const kernel::Real& others, const Declared& declared, const std::vector<kernel::Integer>& indices);
};

} // namespace verifier::rules
