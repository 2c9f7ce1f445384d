// The truth about a small model, computed plainly from its raw weights: exact rational logits, then about 430
// bits of MPFR. Not one line is shared with the generator's own arithmetic, and nothing here is clever.
#pragma once

#include "families/token_sum/model.hpp"
#include "tasks/inputs.hpp"

#include <boost/multiprecision/mpfr.hpp>

#include <optional>
#include <vector>

namespace proofmark::test {

using Real = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<130>,
                                           boost::multiprecision::et_off>; // to nearest; off by about 1e-125

std::vector<Rational> exact_logits(const Model&); // M, row-major [V x V]

struct Truth {
  Real loss;                           // S_y
  Integer correct;                     // inputs with label y whose label's logit is strictly the largest
  std::optional<Rational> margin = {}; // the least of theirs; nothing where there is one output
};
std::vector<Truth> truth(const Model&, std::uint64_t context); // by walking all V^n inputs

Real lower(const Interval&); // the ends, exactly
Real upper(const Interval&);
Real real(const Rational&);

// Containment, with room for the truth's own rounding.
bool contains(const Interval&, const Real& truth);

} // namespace proofmark::test
