#include "families/families.hpp"

#include "strategies/strategy.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

const Family& family_of(const std::vector<Tensor>& tensors) {
  const Family* result = nullptr;
  for (const Family* family : families()) {
    if (family->recognises && family->recognises(tensors)) return *family;
    if (!family->recognises) result = family;
  }
  return *result;
}

// A mask or a counter stands in nobody's way, but no weight is one.
void require_weights(const Family& family, const std::vector<OtherTensor>& others) {
  const std::string names = family.architecture(1);
  for (const OtherTensor& other : others)
    if (names.find(fmt::format("\"{}\"", other.name)) != names.npos)
      throw Error(Exit::data,
                  fmt::format("tensor {} has elements of type {}, expected F16, BF16, F32 or F64",
                              in_quotes(other.name), in_quotes(other.type)),
                  "convert the model first, for example with model.float()");
}

} // namespace

std::span<const Family* const> families() {
  static constexpr std::array all{&token_sum_family, &attention_only_family};
  return all;
}

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const Family* family : families()) names.emplace_back(family->name);
  return names;
}

const Family& family_named(std::string_view text) {
  for (const Family* family : families())
    if (family->name == text) return *family;
  throw Error(Exit::internal, "there is no family " + in_quotes(std::string(text)));
}

Model recognised(SafetensorsFile file) {
  const std::optional<std::uint64_t> context = context_in(file);
  const Family& family = family_of(file.tensors);
  require_weights(family, file.others);
  Model model = family.model(std::move(file.tensors));
  if (context && model.context && *context != *model.context)
    throw Error(
        Exit::data,
        fmt::format("the model has {} positions, but its metadata '{}' is {}", *model.context, context_key, *context),
        "leave the metadata out: the positions say it");
  if (context) model.context = context;
  return model;
}

std::vector<std::string> strategy_names(const Family& family) {
  std::vector<std::string> names;
  for (const Strategy* strategy : family.strategies) names.emplace_back(strategy->name);
  return names;
}

std::vector<std::string> strategy_names() {
  std::vector<std::string> names;
  for (const Family* family : families())
    for (const std::string& name : strategy_names(*family))
      if (!std::count(names.begin(), names.end(), name)) names.push_back(name);
  return names;
}

const Strategy* find_strategy(const Family& family, std::string_view name) {
  const auto found = std::find_if(family.strategies.begin(), family.strategies.end(),
                                  [&](const Strategy* strategy) { return strategy->name == name; });
  return found == family.strategies.end() ? nullptr : *found;
}

} // namespace proofmark
