// What a description means, for people: in words, and as a formula with the owner's names. Nothing here decides anything.
#pragma once

#include "models/architecture.hpp"

#include <optional>
#include <string>

namespace verifier {

// "2 tokens of 2048, summed; no nonlinearity, no normalisation". The vocabulary, if all positions have one.
std::string in_words(const Architecture&, std::optional<std::uint64_t> vocabulary);

// "x = embed[t] + pos; x += relu(x @ in + b) @ out; logits = x[last] @ head^T": `t` and `x` have a row for each position, `^T`
// transposes, brackets cut, eps follows a semicolon.
std::string formula(const Architecture&);

} // namespace verifier
