// A sum that is off by a rounding or two, whatever its order.
#pragma once

#include "numbers/interval.hpp"

#include <cmath>

namespace proofmark {

struct CompensatedSum {
  double sum = 0, rest = 0;

  void add(double x) {
    const double next = sum + x;
    rest += std::abs(sum) >= std::abs(x) ? (sum - next) + x : (x - next) + sum;
    sum = next;
  }
  Rational value() const { return exact(dyadic(sum)) + exact(dyadic(rest)); }
};

} // namespace proofmark
