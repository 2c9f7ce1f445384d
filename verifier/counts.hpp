// Numbers of correct inputs, by the loss.
#pragma once

#include "check.hpp"
#include "integers.hpp"
#include "meter.hpp"

namespace verifier {

// Accuracy from loss (A8): an input that is not correct costs at least ln 2, so of `inputs` ones, whose losses sum to at most
// `established.upper`, at least inputs - floor(bound / ln 2) are correct.
void count_from_loss(const mpz_class& inputs, Established& established, Meter&);

} // namespace verifier
