// Means over the pure inputs of a mixture, from above: what L4 makes of them.
#pragma once

#include "../../interval.hpp"

#include <cstdint>

namespace verifier::attention_only {

// Of one row for each pure input: its loss L, an upper end that is not negative, and the enclosure of its mass D > 0.
class Mixture {
public:
  void add(const Real& loss, const Interval& mass);

  // Each sets x to at least what it names; there is at least one row.
  void mean_loss(Real& x) const;       // mean(L)
  void apart(Real& x) const;           // mean(D L) · mean(1/D)
  void mean_reciprocal(Real& x) const; // mean(1/D)

private:
  std::uint64_t rows_ = 0;
  Real losses_, weighted_, reciprocals_; // sums of L, D L, 1/D
};

} // namespace verifier::attention_only
