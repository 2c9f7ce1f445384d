// A strict JSON layer: what it returns is exactly what certificates may contain, and nothing was coerced on
// the way.
//
// Numbers are unsigned integers written with digits alone. Keys do not repeat. Nesting is bounded. true,
// false and null are kept only so that the typed layer can refuse them with a place. Tokens are read by
// nlohmann's SAX parser. A text is read piece by piece and never held as a whole (json_text.hpp).
#pragma once

#include "json_text.hpp"
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
  struct Literal {};                      // true, false or null
  using Data = std::vector<std::uint8_t>; // of a tensor: what canonical base64 spells
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>; // in file order

  std::variant<Literal, std::uint64_t, std::string, Data, Array, Object> value;
};

// Parses the whole text, or fails with json-*, key-duplicate. Every piece is taken, also when it fails, and an
// encoding that is wrong anywhere is reported before anything else.
Json parse_json(const Pieces&);
Json parse_json(std::string_view text);

// A place in the document: a value and its JSON pointer. All typed access goes through it, so that every
// refusal has a place.
class JsonView {
public:
  JsonView(Json& json, std::string pointer) : json_(&json), pointer_(std::move(pointer)) {}

  const std::string& pointer() const { return pointer_; }

  bool is_string() const; // other than tensor data
  std::uint64_t unsigned_integer() const;
  const std::string& string() const; // of any length and alphabet, other than tensor data
  const std::string& text() const;   // at most 4096 characters of printable ASCII
  Json::Data take_data() const;      // once: the bytes leave the document; fails with base64
  std::vector<JsonView> array() const;
  std::vector<JsonView> array_of(std::size_t length) const;
  std::vector<std::pair<std::string, JsonView>> members() const; // keys are printable ASCII

  // An object with exactly the keys `required`, and perhaps some of `optional`.
  void require_keys(std::initializer_list<std::string_view> required,
                    std::initializer_list<std::string_view> optional = {}) const;
  bool has(std::string_view key) const;
  JsonView at(std::string_view key) const; // fails with key-missing

private:
  Json::Object& object() const;
  Json* json_;
  std::string pointer_;
};

} // namespace verifier
