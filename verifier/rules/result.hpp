// What a rule establishes of its inputs. It fills in what it bounds.
#pragma once

#include "kernel/total.hpp"

namespace verifier::rules {

struct Result {
  // Enclosures of the rule's two bounds of the summed loss, the same for a rule that is exact: the losses sum to at least
  // at_least.lower and at most at_most.upper.
  kernel::Total at_least, at_most;
  kernel::Integer correct_at_least, correct_at_most;
  kernel::Least margin; // over the inputs, of the label's logit less the largest other

  void add(const Result& x) {
    at_least.add(x.at_least), at_most.add(x.at_most), margin.add(x.margin);
    correct_at_least += x.correct_at_least, correct_at_most += x.correct_at_most;
  }
};

} // namespace verifier::rules
