// Small models for tests: random ones of a stated magnitude, and wild ones.
#pragma once

#include "token_sum_model.hpp"

#include <functional>
#include <random>

namespace proofmark::test {

// float64 weights from a function of (tensor 0..2, row, column), in the shapes of the family: [d,V], [d,d],
// [V,d].
TokenSumModel model(std::uint64_t V, std::uint64_t d, const std::function<double(int, std::uint64_t, std::uint64_t)>&);

// Uniform in [-size, size], with every bit of the significand in use.
TokenSumModel random_model(std::uint64_t V, std::uint64_t d, double size, unsigned seed);

// Logits that are large for the token itself and fall off beside it, plus noise: a network that has learnt
// something.
TokenSumModel peaked_model(std::uint64_t V, double height, unsigned seed);

double uniform(std::mt19937_64&, double size);

} // namespace proofmark::test
