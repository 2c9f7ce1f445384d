#include "files/json_place.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace proofmark {

namespace {

std::string found(const nlohmann::json& value) {
  if (value.is_string()) return in_quotes(value.get<std::string>());
  if (value.is_object()) return "an object";
  if (value.is_array()) return fmt::format("an array of {}", value.size());
  return value.dump();
}

} // namespace

void JsonPlace::refuse_as(const std::string& what, const std::string& hint) const {
  throw Error(Exit::data, fmt::format("{}: {}{}{}", source_, path_, path_.empty() ? "" : " ", what),
              hint.empty() ? see_ : hint);
}

void JsonPlace::refuse(const std::string& expected, const std::string& hint) const {
  refuse_as(fmt::format("is {}, expected {}", found(value_), expected), hint);
}

void JsonPlace::require_keys(std::initializer_list<const char*> required, std::span<const char* const> optional) const {
  if (!value_.is_object()) refuse("an object", "");
  std::vector<std::string> known(required.begin(), required.end());
  known.insert(known.end(), optional.begin(), optional.end());
  for (const auto& [key, ignored] : value_.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      refuse_as("has the unknown key " + in_quotes(key), spelling_hint(key, known, "the keys there"));
  for (const char* key : required)
    if (!value_.contains(key)) refuse_as(fmt::format("has no '{}'", key), "");
}

JsonPlace JsonPlace::at(const char* key) const {
  return {value_.at(key), path_.empty() ? key : path_ + "." + key, source_, see_};
}

JsonPlace JsonPlace::at(std::size_t index) const {
  return {value_.at(index), fmt::format("{}[{}]", path_, index), source_, see_};
}

std::size_t JsonPlace::elements(std::size_t from, std::size_t to, const char* what) const {
  if (!value_.is_array() || value_.size() < from || value_.size() > to)
    refuse(from == to ? fmt::format("an array of {} {}", from, what)
                      : fmt::format("an array of {} to {} {}", from, to, what),
           "");
  return value_.size();
}

std::string JsonPlace::text(const char* expected) const {
  if (!value_.is_string()) refuse(expected, "");
  return value_.get<std::string>();
}

std::string JsonPlace::tensor_name() const {
  const std::string name = text("the name of a tensor");
  if (name.empty() || name.size() > 256 ||
      std::any_of(name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }))
    refuse("the name of a tensor: 1 to 256 printable ASCII characters", "rename the tensor in the model's file");
  return name;
}

std::size_t JsonPlace::word(std::span<const std::string_view> words) const {
  const std::vector<std::string> known(words.begin(), words.end());
  const std::string all = joined(known, ", ");
  const std::string word = text(("one of " + all).c_str());
  const auto at = std::find(known.begin(), known.end(), word);
  if (at == known.end()) refuse("one of " + all, spelling_hint(word, known, "the words there"));
  return static_cast<std::size_t>(at - known.begin());
}

std::uint64_t JsonPlace::whole_number(std::uint64_t from, std::uint64_t to) const {
  if (!value_.is_number_unsigned() || value_.get<std::uint64_t>() < from || value_.get<std::uint64_t>() > to)
    refuse(fmt::format("a whole number from {} to {}", from, to), "");
  return value_.get<std::uint64_t>();
}

double JsonPlace::positive_number(double to) const {
  if (!value_.is_number() || !(value_.get<double>() > 0) || value_.get<double>() > to)
    refuse(fmt::format("a number above 0 and at most {}", to), "");
  return value_.get<double>();
}

bool JsonPlace::truth() const {
  if (!value_.is_boolean()) refuse("true or false", "");
  return value_.get<bool>();
}

} // namespace proofmark
