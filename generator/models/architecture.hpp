// What a model computes, as its certificate describes it (schema/FORMAT.md, section 5).
#pragma once

#include "models/family.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace proofmark {

// The description of a family's models for inputs of so many tokens, by the names and layouts of their tensors: JSON
// without white space, keys in ascending order, as the digest of a model takes it.
std::string architecture(Family, std::uint64_t context);

// The family that a description of this form is of; nothing where it is of none.
std::optional<Family> family_described(std::string_view architecture, std::uint64_t context);

} // namespace proofmark
