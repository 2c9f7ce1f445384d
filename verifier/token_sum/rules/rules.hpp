// The rules of the family "token-sum". Each closes the inputs of one label: theorem, computation and count
// stand in its file, the proof in docs/rules/<name>.md.
#pragma once

#include "../../check.hpp"
#include "../../meter.hpp"
#include "../tables.hpp"

namespace verifier::token_sum {

// What a rule works on.
struct Problem {
  const Tables& tables;
  Task task;    // n = context, V = vocabulary
  bool correct; // count correct inputs too
};

Established enumeration(const Problem&, Rows&, Token y, Meter&);
Established symmetry(const Problem&, Rows&, Token y, Meter&);

// Shared by both: the label terms c_1 · sum_{a<y} D[a,y] + c_2 · D[y,y] of all inputs with label y, added to
// `loss`.
void add_label_term(const Problem&, Token y, Interval& loss, Meter&);

// Charges for `count` inputs evaluated against a vector that is already there: Z from both ends, and the
// classification.
void charge_inputs(const Problem&, std::uint64_t count, Meter&);
// Charges for one extension of the vector, for the classification's sums too.
void charge_extension(const Problem&, Meter&);

mpz_class power(std::uint64_t base, std::uint64_t exponent);

} // namespace verifier::token_sum
