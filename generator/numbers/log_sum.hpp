// Sums of many logarithms as one product, with a rounding a factor.
#pragma once

#include "numbers/interval.hpp"

#include <cstdint>

namespace proofmark {

// ln of a product of many positive numbers, without overflow: mantissa * 2^exponent * exp(offset * 2^-scale).
struct LogSum {
  __extension__ using Wide = __int128;

  double mantissa = 1; // in [1, 2)
  std::int64_t exponent = 0;
  Wide offset = 0; // at most 2^63 an input, at most 2^50 inputs: exact
  std::uint64_t inputs = 0;

  void multiply(double); // by a normal number: one rounding, of relative size at most 2^-52 in any mode
};
Interval enclosure(const LogSum&, long scale); // of that logarithm

Integer integer(LogSum::Wide);

} // namespace proofmark
