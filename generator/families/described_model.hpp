// What a model's file computes, whoever says it.
#pragma once

#include "models/safetensors.hpp"
#include "networks/description.hpp"
#include "networks/metadata.hpp"

#include <filesystem>

namespace proofmark {

// The description in a file (none: empty path), else in the model's metadata; nothing where neither is there.
std::optional<networks::Description> stated_description(const SafetensorsFile&,
                                                        const std::filesystem::path& architecture);

// That, or else the one of the family that recognises the tensors' names, for inputs of so many tokens. Throws Error (data)
// with what to do where nothing says what the model computes.
networks::Description description_of(const SafetensorsFile&, const std::filesystem::path& architecture,
                                     std::uint64_t positions);

} // namespace proofmark
