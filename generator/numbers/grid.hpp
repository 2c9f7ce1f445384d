// Numbers as certificates declare them: to the verifier's steps of 2^-60.
#pragma once

#include "numbers/outward.hpp"

namespace proofmark {

// To the grid; of numbers so large that a certificate cannot write them to the grid, to as many bits as it writes.
Rational on_grid(const Rational&, Direction);
Rational grid_steps(const Integer& count);

Rational exactly(double);

} // namespace proofmark
