// What a step declares of inputs whose logits are enclosed: from ends of the differences z_c - z_y, in doubles.
#pragma once

#include "numbers/compensated_sum.hpp"
#include "strategies/network_strategy.hpp"

#include <limits>
#include <span>

namespace proofmark::opened {

class Declared {
public:
  // An input's ends of each class; its label's are 0. The verifier's own, and the exact differences, lie at most `room` beyond them.
  void add(std::span<const double> lower, std::span<const double> upper, std::size_t label, double room);
  void add(const Declared&); // other inputs

  StepFindings findings() const; // but for the operations

private:
  CompensatedSum lower_, upper_;                            // of the losses
  double off_ = 0;                                          // what these may lack
  std::uint64_t inputs_ = 0, correct_ = 0, wrong_ = 0;      // beyond doubt
  double margin_ = std::numeric_limits<double>::infinity(); // no smaller one
  std::size_t classes_ = 0;
};

} // namespace proofmark::opened
