// The loss ln(1 + sum_w exp Δ_w) of one input, from one side: the margins are rounded to the grid 2^-48, outward, and with h the
// largest of them sum_w exp(Δ_w - h) is formed in integers. So the loss is relatively close however small it is.
#pragma once

#include "../interval.hpp"
#include "margin_exponentials.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace verifier::attention_only {

class MarginLoss {
public:
  explicit MarginLoss(const MarginExponentials& exponentials) : exponentials_(exponentials) {}

  void set_from_above(Real& loss, std::span<const Real> margins) { set(loss, margins, MPFR_RNDU); }
  void set_from_below(Real& loss, std::span<const Real> margins) { set(loss, margins, MPFR_RNDD); }

private:
  void set(Real& loss, std::span<const Real> margins, mpfr_rnd_t direction);
  bool put_on_grid(std::span<const Real> margins, mpfr_rnd_t direction); // false if they are too large

  const MarginExponentials& exponentials_;
  std::vector<std::int64_t> grid_;
  Real term_;
};

// The same by MPFR alone, for margins of any size.
void set_loss(Real& loss, std::span<const Real> margins, Real& term, mpfr_rnd_t direction);

} // namespace verifier::attention_only
