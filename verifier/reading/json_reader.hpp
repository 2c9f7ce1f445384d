// Strict JSON (RFC 8259, schema/FORMAT.md section 2), read piece by piece and never held as a whole. Closed keys and numbers
// of elements are known while reading, so what is held is bounded by the format and not by the file.
#pragma once

#include "reading/reason.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace verifier {

// The next piece of a text, which lasts until the one after it is asked for; empty at the end, and from then on.
using Pieces = std::function<std::string_view()>;
Pieces in_one_piece(std::string_view text);

// What may stand in a place of a document, beside a number, a string or a literal: which of these is expected, its reader
// says (JsonView).
struct Form {
  struct Member {
    std::string_view key;
    const Form* form;
  };
  bool data = false;                 // a string is base64 of any length
  const Form* element = nullptr;     // an array of at most `most` of these; or
  std::span<const Member> members{}; // an object with these keys, and
  const Form* value = nullptr;       // no others, or under any other key one of at most `most` of these
  std::size_t most = 0;
  Reason too_many = reason::type_mismatch;
};

class Json {
public:
  struct Literal {};                      // true, false or null
  using Data = std::vector<std::uint8_t>; // what canonical base64 spells
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>; // in file order

  // A string has at most limits::string_length + 1 bytes: the rest is not kept. Data that is not canonical is nothing. An
  // array or object where the form has another holds nothing.
  std::variant<Literal, std::uint64_t, std::string, std::optional<Data>, Array, Object> value;
};

// A key as it stands in a JSON pointer that is to be shown: of printable characters, and cut where it is long.
std::string escaped_pointer(std::string_view key);

// A place in the document: a value and its JSON pointer. All typed access goes through it, so that every
// refusal has a place.
class JsonView {
public:
  JsonView(Json& json, std::string pointer) : json_(&json), pointer_(std::move(pointer)) {}

  const std::string& pointer() const { return pointer_; }

  bool is_string() const; // other than tensor data
  bool is_array() const;
  bool is_object() const;
  std::uint64_t unsigned_integer() const;
  const std::string& string() const; // of any length and alphabet, other than tensor data
  const std::string& text() const;   // at most 4096 characters of printable ASCII
  Json::Data take_data() const;      // once: the bytes leave the document; fails with base64
  std::vector<JsonView> array() const;
  std::vector<JsonView> array_of(std::size_t length) const;
  std::vector<std::pair<std::string, JsonView>> members() const; // keys are printable ASCII
  bool has(std::string_view key) const;
  JsonView at(std::string_view key) const; // fails with key-missing
  const Json& json() const { return *json_; }
  // The value without white space, with sorted keys, and with a backslash before quotes and backslashes alone: of text that was
  // looked at.
  std::string canonical_text() const;
  // Exactly one of two keys is there; whether it is the first.
  bool has_first_of(const std::string& first, const std::string& second) const;

private:
  Json::Object& object() const;
  Json* json_;
  std::string pointer_;
};

class Document {
public:
  // Reads the whole text, or fails with json-*, key-duplicate. Every piece is taken, also when it fails, and an encoding
  // that is wrong anywhere is reported before anything else.
  Document(const Pieces&, const Form&);
  Document(std::string_view text, const Form& form) : Document(in_one_piece(text), form) {}

  JsonView root() { return {root_, ""}; }
  const Json& json() const { return root_; }
  // `format` and `version` are looked at first, whatever else the text holds.
  void require_format(std::string_view format);
  // Fails at the first place where the text leaves the form: key-unknown, or the form's too_many.
  void require_form() const;
  // The root, of a text of this format and form.
  JsonView of_format(std::string_view format);

private:
  Json root_;
  std::optional<Failure> left_form_;
};

} // namespace verifier
