#include "json_reader.hpp"

#include "base64.hpp"
#include "json_text.hpp"
#include "limits.hpp"
#include "text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_set>

namespace verifier {
namespace {

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

std::string escaped_pointer(std::string_view key) {
  std::string out;
  for (const char c : key.substr(0, 80)) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else if (c >= 0x21 && c <= 0x7e)
      out += c;
    else
      out += '?';
  }
  return out;
}

// JsonText as the pair of iterators that the parser takes. All copies read the same text.
class TextIterator {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  TextIterator() = default; // the end
  explicit TextIterator(JsonText& text) : text_(&text) {}
  char operator*() const { return text_->front(); }
  TextIterator& operator++() {
    text_->pop();
    return *this;
  }
  bool operator==(const TextIterator& other) const { return ends() == other.ends(); }

private:
  bool ends() const { return text_ == nullptr || text_->at_end(); }
  JsonText* text_ = nullptr;
};

// Builds the tree. Each open container stands on the stack until it is closed, then moves into its parent.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
public:
  explicit Builder(JsonText& text) : text_(text) {}
  bool null() override { return put({Json::Literal{}}); }
  bool boolean(bool) override { return put({Json::Literal{}}); }
  bool number_integer(number_integer_t value) override { return refuse_number(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& raw) override { return refuse_number(raw); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(INT64_MAX)) refuse_number(std::to_string(value));
    return put({std::uint64_t{value}});
  }
  bool string(string_t& value) override {
    auto long_string = text_.take_long_string(strings_++);
    if (is_tensor_data())
      if (auto data = long_string ? std::move(long_string->data) : decode_base64(value)) return put({std::move(*data)});
    return put({std::move(value)});
  }
  bool binary(binary_t&) override { return false; } // cannot occur in text
  bool start_object(std::size_t) override { return open({Json::Object{}}); }
  bool start_array(std::size_t) override { return open({Json::Array{}}); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& key) override {
    text_.take_long_string(strings_++);
    require(stack_.back().keys.insert(key).second, Reason::key_duplicate, pointer(), "every key once", shown(key));
    stack_.back().key = std::move(key);
    return true;
  }
  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& error) override {
    constexpr int number_overflow = 406; // the library's code for a number beyond every machine type
    if (error.id == number_overflow) refuse_number(token);
    fail(Reason::json_syntax, "", "one JSON value with nothing after it",
         text_.is_whole() ? "an error at byte " + std::to_string(position) : "an error after the data of a tensor");
  }

  Json take() { return std::move(root_); }

private:
  struct Open {
    Json json;
    std::string key;                      // of the member being read
    std::unordered_set<std::string> keys; // of an object, so far
  };

  bool open(Json json) {
    require(stack_.size() < limits::json_depth, Reason::json_depth, pointer(),
            "nesting of at most " + std::to_string(limits::json_depth), "more");
    stack_.push_back({std::move(json), {}, {}});
    return true;
  }
  bool close() {
    Json json = std::move(stack_.back().json);
    stack_.pop_back();
    return put(std::move(json));
  }
  bool put(Json json) {
    if (stack_.empty()) {
      root_ = std::move(json);
    } else if (auto* array = std::get_if<Json::Array>(&stack_.back().json.value)) {
      array->push_back(std::move(json));
    } else {
      std::get<Json::Object>(stack_.back().json.value).emplace_back(std::move(stack_.back().key), std::move(json));
    }
    return true;
  }
  // The member "data" of an object within an object: nothing else in our formats has this place, and what is put there
  // in their stead is refused by its keys.
  bool is_tensor_data() const { return stack_.size() >= 3 && stack_.back().key == "data"; }
  [[noreturn]] bool refuse_number(const std::string& raw) {
    fail(Reason::json_number, pointer(), "an unsigned integer below 2^63, digits alone", shown(raw));
  }
  std::string pointer() const {
    std::string out;
    for (const Open& open : stack_) {
      if (const auto* array = std::get_if<Json::Array>(&open.json.value))
        out += "/" + std::to_string(array->size());
      else if (!open.key.empty())
        out += "/" + escaped_pointer(open.key);
    }
    return out;
  }

  JsonText& text_;
  std::uint64_t strings_ = 0; // keys and values so far
  std::vector<Open> stack_;
  Json root_;
};

} // namespace

Json parse_json(const Pieces& pieces) {
  JsonText text(pieces);
  Builder builder(text);
  std::optional<Failure> failure;
  try {
    const bool complete = nlohmann::json::sax_parse(TextIterator(text), TextIterator(), &builder,
                                                    nlohmann::json::input_format_t::json, true);
    require(complete, Reason::json_syntax, "", "one JSON value", "an incomplete one");
  } catch (const Failure& thrown) {
    failure = thrown;
  }
  text.drain();
  if (text.fault()) throw Failure(*text.fault());
  if (failure) throw Failure(*failure);
  return builder.take();
}

Json parse_json(std::string_view text) {
  return parse_json([rest = text]() mutable { return std::exchange(rest, {}); });
}

bool JsonView::is_string() const {
  return std::holds_alternative<std::string>(json_->value);
}

std::uint64_t JsonView::unsigned_integer() const {
  const auto* number = std::get_if<std::uint64_t>(&json_->value);
  require(number != nullptr, Reason::type_mismatch, pointer_, "an unsigned integer");
  return *number;
}

Json::Data JsonView::take_data() const {
  auto* data = std::get_if<Json::Data>(&json_->value);
  if (data != nullptr) return std::move(*data);
  require(std::holds_alternative<std::string>(json_->value), Reason::type_mismatch, pointer_, "a string");
  fail(Reason::base64, pointer_, "canonical base64 with padding");
}

const std::string& JsonView::string() const {
  const auto* string = std::get_if<std::string>(&json_->value);
  require(string != nullptr, Reason::type_mismatch, pointer_, "a string");
  return *string;
}

const std::string& JsonView::text() const {
  const std::string& string = this->string();
  require(string.size() <= limits::string_length, Reason::string_length, pointer_,
          "at most " + std::to_string(limits::string_length) + " characters", "more");
  require(is_printable_ascii(string), Reason::string_alphabet, pointer_, "printable ASCII", shown(string));
  return string;
}

std::vector<JsonView> JsonView::array() const {
  auto* array = std::get_if<Json::Array>(&json_->value);
  require(array != nullptr, Reason::type_mismatch, pointer_, "an array");
  std::vector<JsonView> views;
  views.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) views.emplace_back((*array)[i], pointer_ + "/" + std::to_string(i));
  return views;
}

std::vector<JsonView> JsonView::array_of(std::size_t length) const {
  auto views = array();
  require(views.size() == length, Reason::type_mismatch, pointer_, "an array of length " + std::to_string(length),
          std::to_string(views.size()));
  return views;
}

Json::Object& JsonView::object() const {
  auto* object = std::get_if<Json::Object>(&json_->value);
  require(object != nullptr, Reason::type_mismatch, pointer_, "an object");
  return *object;
}

std::vector<std::pair<std::string, JsonView>> JsonView::members() const {
  std::vector<std::pair<std::string, JsonView>> views;
  for (auto& [key, json] : object()) {
    require(key.size() <= limits::string_length, Reason::string_length, pointer_, "shorter keys");
    require(is_printable_ascii(key), Reason::string_alphabet, pointer_, "keys of printable ASCII", shown(key));
    views.emplace_back(key, JsonView(json, pointer_ + "/" + escaped_pointer(key)));
  }
  return views;
}

void JsonView::require_keys(std::initializer_list<std::string_view> required,
                            std::initializer_list<std::string_view> optional) const {
  for (const auto& member : object()) {
    const std::string_view key = member.first;
    const auto is_key = [&](std::string_view known) { return known == key; };
    if (std::none_of(required.begin(), required.end(), is_key) &&
        std::none_of(optional.begin(), optional.end(), is_key)) {
      std::string known;
      for (const auto name : required) known += (known.empty() ? "" : ", ") + std::string(name);
      fail(Reason::key_unknown, pointer_, "the keys " + known, shown(key));
    }
  }
  for (const auto name : required) at(name);
}

bool JsonView::has(std::string_view key) const {
  return std::any_of(object().begin(), object().end(), [&](const auto& member) { return member.first == key; });
}

JsonView JsonView::at(std::string_view key) const {
  for (auto& member : object())
    if (member.first == key) return {member.second, pointer_ + "/" + escaped_pointer(key)};
  fail(Reason::key_missing, pointer_, "the key " + std::string(key), "none");
}

} // namespace verifier
