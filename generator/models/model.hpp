// A model file whose tensors have the names and shapes of a family. The bytes are what a certificate will carry.
#pragma once

#include "models/safetensors.hpp"
#include "models/shape.hpp"

namespace proofmark {

struct Model {
  const Family* family = nullptr;
  std::uint64_t vocabulary = 0;         // V
  std::uint64_t width = 0;              // d
  std::uint64_t head_width = 0;         // h, of attention-only
  std::optional<std::uint64_t> context; // n: of positions, or as the file says where tensors take any number of tokens
  std::vector<Tensor> tensors;          // sorted by name
  // Where somebody describes the same function by other names, layouts or cuts: the description, as the digest takes it, and
  // the family's own tensors. `tensors` are the owner's.
  std::string architecture = {};
  std::vector<Tensor> canonical = {};
};

const Tensor& tensor(const Model&, std::string_view name);        // which the family has, by the family's name
std::string architecture_of(const Model&, std::uint64_t context); // the description of its function of so many tokens

// In what a file says of its model: how many tokens an input has, as the model was trained.
inline constexpr const char* context_key = "proofmark.context";

SafetensorsFile as_file(const Model&);

// What the family computes from such inputs, in one line: "2 tokens of 2048, summed; ..".
std::string function_in_words(const Family&, const Task&);

Shape shape_of(const Model&, std::uint64_t context);
std::string model_sha256(const Model&, std::uint64_t context); // as a function of so many tokens

} // namespace proofmark
