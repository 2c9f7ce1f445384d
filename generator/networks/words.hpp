// What a description means, for people: the verifier prints the same lines, by code of its own.
#pragma once

#include "networks/network.hpp"

#include <string>

namespace proofmark::networks {

// "16 tokens of 2, positions added, 2 blocks (causal attention with 2 heads; ReLU MLP), summed, readout (map, ReLU, map)": so
// many tokens at every position, or nothing of that.
std::string in_one_line(const Description&, std::optional<std::uint64_t> vocabulary);
std::string in_one_line(const Description&, const Network&);

// "x = embed[t] + pos; x += relu(x @ in + b) @ out; logits = x[last] @ head^T", with the tensors' names: ^T transposes, brackets
// cut, eps follows a semicolon.
std::string formula(const Description&);

} // namespace proofmark::networks
