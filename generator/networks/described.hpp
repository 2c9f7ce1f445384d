// One place in the JSON of a description, with the messages of what is wrong there. Used by description.cpp alone.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace proofmark::networks {

class Place {
public:
  Place(const nlohmann::json& value, std::string path, const std::string& source)
      : value_(value), path_(std::move(path)), source_(source) {}

  const nlohmann::json& value() const { return value_; }
  bool is_text() const { return value_.is_string(); }
  bool is_array() const { return value_.is_array(); }

  // An object with these keys and perhaps some of the others, and no more.
  void require_keys(std::initializer_list<const char*> required, std::initializer_list<const char*> optional) const;
  bool has(const char* key) const { return value_.is_object() && value_.contains(key); }
  Place at(const char* key) const;
  Place at(std::size_t index) const;
  std::size_t elements(std::size_t from, std::size_t to, const char* what) const; // of an array: how many

  std::string text(const char* expected) const;
  std::string tensor_name() const;
  std::size_t word(std::span<const std::string_view> words) const; // which one it is
  std::uint64_t whole_number(std::uint64_t from, std::uint64_t to) const;

  [[noreturn]] void refuse(const std::string& expected, const std::string& hint) const; // says what was found
  [[noreturn]] void refuse_as(const std::string& what, const std::string& hint) const;

private:
  const nlohmann::json& value_;
  std::string path_; // "blocks[0].mlp.activation"; empty: the whole
  const std::string& source_;
};

} // namespace proofmark::networks
