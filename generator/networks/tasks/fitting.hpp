// A task and a network that go together.
#pragma once

#include "models/safetensors.hpp"
#include "networks/network.hpp"
#include "tasks/domain.hpp"

#include <string>

namespace proofmark::networks {

Domain every_token(const Network&); // at every position

// Throws Error (usage) where inputs have another number of tokens, or one that has no row in its embedding.
void require_tokens(const Domain&, const Network&);

// What a user gives, or else what the model's file says of itself under the key; neither: nothing.
std::string given_or_stored(const std::string& given, const SafetensorsFile&, const char* key);

} // namespace proofmark::networks
