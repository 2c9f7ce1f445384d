// A strict JSON layer: what it returns is exactly what certificates may contain, and nothing was coerced on
// the way.
//
// Numbers are unsigned integers written with digits alone. Keys do not repeat. Nesting is bounded. true,
// false and null are kept only so that the typed layer can refuse them with a place. Tokens are read by
// nlohmann's SAX parser.
#pragma once

#include "reason.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace verifier {

class Json {
public:
  struct Literal {}; // true, false or null
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>; // in file order

  std::variant<Literal, std::uint64_t, std::string, Array, Object> value;
};

// Parses the whole text, or fails with json-*, key-duplicate.
Json parse_json(std::string_view text);

// A place in the document: a value and its JSON pointer. All typed access goes through it, so that every
// refusal has a place.
class JsonView {
public:
  JsonView(const Json& json, std::string pointer) : json_(&json), pointer_(std::move(pointer)) {}

  const std::string& pointer() const { return pointer_; }

  std::uint64_t unsigned_integer() const;
  const std::string& text() const; // at most 4096 characters of printable ASCII
  const std::string& data() const; // a string of any length and alphabet: base64 comes next
  std::vector<JsonView> array() const;
  std::vector<JsonView> array_of(std::size_t length) const;
  std::vector<std::pair<std::string, JsonView>> members() const; // keys are printable ASCII

  // An object with exactly the keys `required`, and perhaps some of `optional`.
  void require_keys(std::initializer_list<std::string_view> required,
                    std::initializer_list<std::string_view> optional = {}) const;
  bool has(std::string_view key) const;
  JsonView at(std::string_view key) const; // fails with key-missing

private:
  const Json::Object& object() const;
  const Json* json_;
  std::string pointer_;
};

} // namespace verifier
