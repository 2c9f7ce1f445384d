#include "models/model.hpp"

#include "models/architecture.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

#include <charconv>

namespace proofmark {

namespace {

std::optional<std::uint64_t> context_in(const SafetensorsFile& file) {
  const auto entry = file.metadata.find(context_key);
  if (entry == file.metadata.end()) return {};
  const std::string& text = entry->second;
  std::uint64_t context = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), context);
  if (error != std::errc() || end != text.data() + text.size() || context < 1 || context > limits::context)
    throw Error(Exit::data,
                fmt::format("the model's metadata '{}' is {}, expected a number of tokens from 1 to {}", context_key,
                            in_quotes(text), limits::context),
                "write it as \"2\", or leave it out and give --context");
  return context;
}

} // namespace

Model recognised(SafetensorsFile file) {
  const std::optional<std::uint64_t> context = context_in(file);
  if (looks_attention_only(file.tensors)) {
    AttentionOnlyModel model = attention_only_model(std::move(file.tensors));
    if (context && *context != model.context)
      throw Error(
          Exit::data,
          fmt::format("the model has {} positions, but its metadata '{}' is {}", model.context, context_key, *context),
          "leave the metadata out: the positions say it");
    return model;
  }
  TokenSumModel model = token_sum_model(std::move(file.tensors));
  model.context = context;
  return model;
}

SafetensorsFile as_file(const Model& model) {
  SafetensorsFile file{tensors(model), {}};
  if (const auto* const sum = std::get_if<TokenSumModel>(&model); sum && sum->context)
    file.metadata[context_key] = std::to_string(*sum->context);
  return file;
}

std::string function_in_words(Family family, const Task& task) {
  return fmt::format("{} token{} of {}, {}", task.context, task.context == 1 ? "" : "s", task.vocabulary,
                     family == Family::token_sum ? "summed; no nonlinearity, no normalisation"
                                                 : "one attention head, read at the last; no MLP, no normalisation");
}

Family family(const Model& model) {
  return std::holds_alternative<AttentionOnlyModel>(model) ? Family::attention_only : Family::token_sum;
}

Shape shape_of(const Model& model, std::uint64_t context) {
  const auto* const transformer = std::get_if<AttentionOnlyModel>(&model);
  return {family(model),
          {context, vocabulary(model)},
          std::visit([](const auto& m) { return m.width; }, model),
          transformer ? transformer->head_width : 0,
          std::visit([](const auto& m) { return weight_bytes(m); }, model)};
}

std::uint64_t vocabulary(const Model& model) {
  return std::visit([](const auto& m) { return m.vocabulary; }, model);
}

std::vector<Tensor> tensors(const Model& model) {
  return std::visit([](const auto& m) { return tensors(m); }, model);
}

std::string model_sha256(const Model& model, std::uint64_t context) {
  return model_sha256(architecture(family(model), context), tensors(model));
}

} // namespace proofmark
