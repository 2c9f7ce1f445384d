// What a model's file computes, whoever says it.
#pragma once

#include "models/model.hpp"
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

// The family whose shape a description has, whatever its tensors are called; null where it is of none. The text may be somebody
// else's, and no description at all.
const Family* family_described(const std::string& architecture);

// The same model on the family's own matrices; nothing where the description has no family's shape, or sizes that its
// strategies do not take (as many classes as tokens; square maps; values as wide as queries).
std::optional<Model> described_model(const networks::Description&, const SafetensorsFile&);

} // namespace proofmark
