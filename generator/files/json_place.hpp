// One place in JSON that a person wrote (a description, an explanation), with the messages of what is wrong there.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace proofmark {

class JsonPlace {
public:
  // `source`, a name that can be printed, outlives it; `see`: the hint where no other is better.
  JsonPlace(const nlohmann::json& value, std::string path, const std::string& source, const char* see)
      : value_(value), path_(std::move(path)), source_(source), see_(see) {}

  const nlohmann::json& value() const { return value_; }
  bool is_text() const { return value_.is_string(); }
  bool is_array() const { return value_.is_array(); }

  // An object with these keys and perhaps some of the others, and no more.
  void require_keys(std::initializer_list<const char*> required, std::span<const char* const> optional) const;
  void require_keys(std::initializer_list<const char*> required, std::initializer_list<const char*> optional) const {
    require_keys(required, std::span<const char* const>(optional.begin(), optional.size()));
  }
  bool has(const char* key) const { return value_.is_object() && value_.contains(key); }
  JsonPlace at(const char* key) const;
  JsonPlace at(std::size_t index) const;
  std::size_t elements(std::size_t from, std::size_t to, const char* what) const; // of an array: how many

  std::string text(const char* expected) const;
  std::string tensor_name() const;
  std::size_t word(std::span<const std::string_view> words) const; // which one it is
  std::uint64_t whole_number(std::uint64_t from, std::uint64_t to) const;
  double positive_number(double to) const;
  bool truth() const;

  [[noreturn]] void refuse(const std::string& expected, const std::string& hint) const; // says what was found
  [[noreturn]] void refuse_as(const std::string& what, const std::string& hint) const;

private:
  const nlohmann::json& value_;
  std::string path_; // "blocks[0].mlp.activation"; empty: the whole
  const std::string& source_;
  const char* see_;
};

} // namespace proofmark
