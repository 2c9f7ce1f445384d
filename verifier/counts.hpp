// Numbers of inputs, exactly.
#pragma once

#include "check.hpp"
#include "meter.hpp"

#include <gmpxx.h>

#include <cstdint>

namespace verifier {

mpz_class power(std::uint64_t base, std::uint64_t exponent);
mpz_class binomial(std::uint64_t n, std::uint64_t k);

// Accuracy from loss (A8): an input that is not correct costs at least ln 2, so of `inputs` ones, whose losses sum to at most
// `established.upper`, at least inputs - floor(bound / ln 2) are correct.
void count_from_loss(const mpz_class& inputs, Established& established, Meter&);

} // namespace verifier
