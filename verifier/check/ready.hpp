// A certificate about whose rules and witnesses everything was asked that needs no enclosure.
#pragma once

#include "check/check.hpp"
#include "check/witnesses.hpp"

namespace verifier {

struct Ready {
  std::vector<const Rule*> rules; // of the steps
  Witnesses witnesses;
};

// Fails as rules_of_steps and read_witnesses do.
Ready ready(const Certificate&);

StepResults check_steps(const Certificate&, const Ready&, const std::vector<std::size_t>& chosen, const Options&);

} // namespace verifier
