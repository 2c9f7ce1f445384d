#include "models/model.hpp"

#include "models/tensors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark {

const Tensor& tensor(const Model& model, std::string_view name) {
  const std::vector<Tensor>& tensors = model.canonical.empty() ? model.tensors : model.canonical;
  const auto found =
      std::find_if(tensors.begin(), tensors.end(), [&](const Tensor& candidate) { return candidate.name == name; });
  if (found == tensors.end()) throw Error(Exit::internal, fmt::format("the model has no tensor '{}'", name));
  return *found;
}

std::string architecture_of(const Model& model, std::uint64_t context) {
  return model.architecture.empty() ? model.family->architecture(context) : model.architecture;
}

SafetensorsFile as_file(const Model& model) {
  SafetensorsFile file{model.tensors, {}};
  if (!model.family->positions && model.context) file.metadata[context_key] = std::to_string(*model.context);
  return file;
}

std::string function_in_words(const Family& family, const Task& task) {
  return fmt::format("{} token{} of {}, {}", task.context, task.context == 1 ? "" : "s", task.vocabulary,
                     family.function);
}

Shape shape_of(const Model& model, std::uint64_t context) {
  std::uint64_t bytes = 0;
  for (const Tensor& tensor : model.tensors) bytes += tensor.bytes.size();
  return {model.family, {context, model.vocabulary}, model.width, model.head_width, bytes};
}

std::string model_sha256(const Model& model, std::uint64_t context) {
  return model_sha256(architecture_of(model, context), model.tensors);
}

} // namespace proofmark
