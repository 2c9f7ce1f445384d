// Small models for tests: random ones of a stated magnitude, and wild ones.
#pragma once

#include "families/attention_only/model.hpp"
#include "families/token_sum/model.hpp"
#include "proofs/proving.hpp"

#include <functional>
#include <random>

namespace proofmark::test {

// float64 weights from a function of (tensor 0..2, row, column), in the shapes of the family: [d,V], [d,d],
// [V,d].
Model model(std::uint64_t V, std::uint64_t d, const std::function<double(int, std::uint64_t, std::uint64_t)>&);

// Uniform in [-size, size], with every bit of the significand in use.
Model random_model(std::uint64_t V, std::uint64_t d, double size, unsigned seed);

// Logits that are large for the token itself and fall off beside it, plus noise: a network that has learnt
// something.
Model peaked_model(std::uint64_t V, double height, unsigned seed);

// Transformers with float64 weights: uniform in [-size, size]; or one that has learnt the task, where attention rises by
// `slope` nats from token to token and what is attended to counts `height`, plus noise.
Model random_transformer(std::uint64_t V, std::uint64_t n, std::uint64_t d, std::uint64_t h, double size,
                         unsigned seed);
Model learnt_transformer(std::uint64_t V, std::uint64_t n, double slope, double height, double noise, unsigned seed);

// A plan of it, and the proof.
Proof proved(const Model&, const ProofOptions&);

double uniform(std::mt19937_64&, double size);

} // namespace proofmark::test
