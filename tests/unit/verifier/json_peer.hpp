// nlohmann/json as the verifier's peer: what it makes of a text, in the verifier's words, and what the verifier makes of it.
#pragma once

#include "reading/json_reader.hpp"
#include "reading/limits.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

namespace json_peer {

using verifier::Form;

inline constexpr std::size_t most = 100000;
inline const Form anything{.element = &anything, .value = &anything, .most = most};

// A canonical spelling of what was read, or the reason code of the refusal.
class Peer final : public nlohmann::json_sax<nlohmann::json> {
public:
  std::string text;
  std::string reason = "none";

  bool null() override { return add("w"); }
  bool boolean(bool) override { return add("w"); }
  bool number_integer(number_integer_t) override { return refuse("json-number"); }
  bool number_float(number_float_t, const string_t&) override { return refuse("json-number"); }
  bool number_unsigned(number_unsigned_t value) override {
    return value > INT64_MAX ? refuse("json-number") : add(std::to_string(value));
  }
  bool string(string_t& value) override { return add(spelled(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open("{"); }
  bool start_array(std::size_t) override { return open("["); }
  bool end_object() override { return close("}"); }
  bool end_array() override { return close("]"); }
  bool key(string_t& key) override {
    if (!keys_.back().insert(key).second) return refuse("key-duplicate");
    return add(spelled(key));
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    return refuse(error.id == 406 ? "json-number" : "json-syntax"); // 406: beyond every machine type
  }

  static std::string spelled(const std::string& string) {
    return "\"" + string.substr(0, verifier::limits::string_length + 1) + "\"";
  }

private:
  bool add(const std::string& what) {
    text += what + " ";
    return true;
  }
  bool refuse(const char* code) {
    reason = code;
    return false;
  }
  bool open(const char* bracket) {
    if (keys_.size() == verifier::limits::json_depth) return refuse("json-depth");
    keys_.emplace_back();
    return add(bracket);
  }
  bool close(const char* bracket) {
    keys_.pop_back();
    return add(bracket);
  }
  std::vector<std::set<std::string>> keys_;
};

inline std::string peer(std::string_view text) {
  Peer peer;
  const bool whole = nlohmann::json::sax_parse(text, &peer);
  return peer.reason != "none" ? peer.reason : whole ? peer.text : "json-syntax";
}

inline void spell(const verifier::Json& value, std::string& text) {
  using verifier::Json;
  if (std::holds_alternative<Json::Literal>(value.value)) text += "w ";
  if (const auto* number = std::get_if<std::uint64_t>(&value.value)) text += std::to_string(*number) + " ";
  if (const auto* string = std::get_if<std::string>(&value.value)) text += Peer::spelled(*string) + " ";
  if (const auto* array = std::get_if<Json::Array>(&value.value)) {
    text += "[ ";
    for (const Json& element : *array) spell(element, text);
    text += "] ";
  }
  if (const auto* object = std::get_if<Json::Object>(&value.value)) {
    text += "{ ";
    for (const auto& [key, member] : *object) {
      text += Peer::spelled(key) + " ";
      spell(member, text);
    }
    text += "} ";
  }
}

inline std::string ours(std::string_view text) {
  try {
    verifier::Document document(text, anything);
    document.require_form();
    std::string spelling;
    spell(document.json(), spelling);
    return spelling;
  } catch (const verifier::Failure& failure) {
    return std::string(failure.reason.code);
  }
}

// Whether the two agree. The verifier alone looks for NUL bytes and byte order marks, and for the encoding first.
inline bool agree(std::string_view text) {
  const std::string found = ours(text);
  const bool unlike = text.find('\0') != std::string_view::npos || text.starts_with("\xef\xbb\xbf");
  if (found == "json-encoding") return unlike || peer(text).starts_with("json-") || peer(text) == "key-duplicate";
  return !unlike && found == peer(text);
}

} // namespace json_peer
