#include "networks/described.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace proofmark::networks {

namespace {

constexpr const char* see_format = "schema/FORMAT.md, section 5, has every word of descriptions";

std::string found(const nlohmann::json& value) {
  if (value.is_string()) return in_quotes(value.get<std::string>());
  if (value.is_object()) return "an object";
  if (value.is_array()) return fmt::format("an array of {}", value.size());
  return value.dump();
}

} // namespace

void Place::refuse_as(const std::string& what, const std::string& hint) const {
  throw Error(Exit::data, fmt::format("{}: {}{}{}", source_, path_, path_.empty() ? "" : " ", what),
              hint.empty() ? see_format : hint);
}

void Place::refuse(const std::string& expected, const std::string& hint) const {
  refuse_as(fmt::format("is {}, expected {}", found(value_), expected), hint);
}

void Place::require_keys(std::initializer_list<const char*> required,
                         std::initializer_list<const char*> optional) const {
  if (!value_.is_object()) refuse("an object", "");
  std::vector<std::string> known(required.begin(), required.end());
  known.insert(known.end(), optional.begin(), optional.end());
  for (const auto& [key, ignored] : value_.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      refuse_as("has the unknown key " + in_quotes(key), spelling_hint(key, known, "the keys there"));
  for (const char* key : required)
    if (!value_.contains(key)) refuse_as(fmt::format("has no '{}'", key), "");
}

Place Place::at(const char* key) const {
  return {value_.at(key), path_.empty() ? key : path_ + "." + key, source_};
}

Place Place::at(std::size_t index) const {
  return {value_.at(index), fmt::format("{}[{}]", path_, index), source_};
}

std::size_t Place::elements(std::size_t from, std::size_t to, const char* what) const {
  if (!value_.is_array() || value_.size() < from || value_.size() > to)
    refuse(from == to ? fmt::format("an array of {} {}", from, what)
                      : fmt::format("an array of {} to {} {}", from, to, what),
           "");
  return value_.size();
}

std::string Place::text(const char* expected) const {
  if (!value_.is_string()) refuse(expected, "");
  return value_.get<std::string>();
}

std::string Place::tensor_name() const {
  const std::string name = text("the name of a tensor");
  if (name.empty() || name.size() > 256 ||
      std::any_of(name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }))
    refuse("the name of a tensor: 1 to 256 printable ASCII characters", "rename the tensor in the model's file");
  return name;
}

std::size_t Place::word(std::span<const std::string_view> words) const {
  const std::vector<std::string> known(words.begin(), words.end());
  const std::string all = joined(known, ", ");
  const std::string word = text(("one of " + all).c_str());
  const auto at = std::find(known.begin(), known.end(), word);
  if (at == known.end()) refuse("one of " + all, spelling_hint(word, known, "the words there"));
  return static_cast<std::size_t>(at - known.begin());
}

std::uint64_t Place::whole_number(std::uint64_t from, std::uint64_t to) const {
  if (!value_.is_number_unsigned() || value_.get<std::uint64_t>() < from || value_.get<std::uint64_t>() > to)
    refuse(fmt::format("a whole number from {} to {}", from, to), "");
  return value_.get<std::uint64_t>();
}

} // namespace proofmark::networks
