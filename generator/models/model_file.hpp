// A model as people have it: one safetensors file, or several with an index.
#pragma once

#include "models/safetensors.hpp"

namespace proofmark {

// A name that ends with .json is an index as Hugging Face writes it (model.safetensors.index.json): a `weight_map` from
// names of tensors to files beside it. - is a safetensors file on standard input. Throws Error (io, data).
SafetensorsFile read_model_file(const std::filesystem::path&);

} // namespace proofmark
