#include "models/model_file.hpp"

#include "files/json_file.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <set>

namespace proofmark {

namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::filesystem::path& index, const std::string& what, const std::string& hint) {
  throw Error(Exit::data, fmt::format("{} is not a usable index of a model: {}", in_quotes(index.string()), what),
              hint);
}

void add_metadata(const std::filesystem::path& index, const std::map<std::string, std::string>& more,
                  std::map<std::string, std::string>& metadata) {
  for (const auto& [key, text] : more)
    if (!metadata.emplace(key, text).second && metadata[key] != text)
      refuse(index, fmt::format("the metadata {} differs from one file to the next", in_quotes(key)), "");
}

std::set<std::string> names_in(const SafetensorsFile& file) {
  std::set<std::string> names;
  for (const Tensor& tensor : file.tensors) names.insert(tensor.name);
  for (const OtherTensor& tensor : file.others) names.insert(tensor.name);
  return names;
}

template <class Tensor>
void append(std::vector<Tensor>& all, std::vector<Tensor>& more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
  std::sort(all.begin(), all.end(), [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
}

SafetensorsFile read_indexed(const std::filesystem::path& path) {
  const Json index = parse_unique(read_text(path), in_quotes(path.string()));
  constexpr const char* expected = "an index has a 'weight_map' from names of tensors to names of files";
  if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object())
    refuse(path, "it has no 'weight_map'", expected);
  std::map<std::string, std::set<std::string>> files;
  for (const auto& [name, file] : index["weight_map"].items()) {
    if (!file.is_string()) refuse(path, fmt::format("the file of {} is not a string", in_quotes(name)), expected);
    const std::filesystem::path shard = file.get<std::string>();
    if (shard.empty() || shard != shard.filename() || shard == "." || shard == "..")
      refuse(path, fmt::format("the file {} is not a name", in_quotes(shard.string())),
             "the files of a model stand beside its index");
    files[shard.string()].insert(name);
  }
  SafetensorsFile whole;
  if (index.contains("metadata") && index["metadata"].is_object())
    for (const auto& [key, value] : index["metadata"].items())
      if (value.is_string()) whole.metadata[key] = value.get<std::string>();
  for (const auto& [file, names] : files) {
    SafetensorsFile shard = read_safetensors(path.parent_path() / file);
    const std::set<std::string> found = names_in(shard);
    for (const std::string& name : names)
      if (!found.contains(name))
        refuse(path, fmt::format("{} has no tensor {}", in_quotes(file), in_quotes(name)), "download the files again");
    for (const std::string& name : found)
      if (!names.contains(name))
        refuse(
            path,
            fmt::format("{} has the tensor {}, which the index does not place there", in_quotes(file), in_quotes(name)),
            "download the files again");
    add_metadata(path, shard.metadata, whole.metadata);
    append(whole.tensors, shard.tensors);
    append(whole.others, shard.others);
  }
  return whole;
}

} // namespace

SafetensorsFile read_model_file(const std::filesystem::path& path) {
  return path.extension() == ".json" ? read_indexed(path) : read_safetensors(path);
}

} // namespace proofmark
