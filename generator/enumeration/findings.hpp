// What the steps of a certificate by enumeration of inputs declare: what the verifier's engines will confirm, as tightly as is worth
// their time.
#pragma once

#include "enumeration/batch_sum.hpp"
#include "strategies/network_strategy.hpp"

#include <functional>

namespace proofmark::enumeration {

struct Findings {
  std::vector<StepFindings> steps;
  Integer undecided;     // inputs that are tied, or too many too close to a tie to be decided one by one
  bool enclosed = false; // every loss in an enclosure: the verifier's reference engine confirms them
};

struct Work {
  const networks::Network& network;
  const FiniteTask& task;
  const std::vector<InputRange>& steps;
  Integer length; // of checking all steps
  unsigned threads = 1;
  std::function<void(double)> progress = {}; // the fraction that is done
  KeptLines* ledger = nullptr;               // of batches; may be null
};

Findings find(const Work&);

} // namespace proofmark::enumeration
