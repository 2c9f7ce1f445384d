#include "reading/json_reader.hpp"

#include "reading/base64.hpp"
#include "reading/limits.hpp"
#include "reading/text.hpp"

#include <algorithm>

namespace verifier {
namespace {

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7e; });
}

// The bytes of a text, whose encoding is checked a piece ahead. At the first fault they end.
class Bytes {
public:
  explicit Bytes(const Pieces& pieces) : pieces_(pieces) { refill(); }
  bool at_end() const { return next_ == piece_.size(); }
  char front() const { return at_end() ? '\0' : piece_[next_]; } // no byte of the text is 0
  void pop() {
    if (++next_ == piece_.size()) refill();
  }
  std::uint64_t position() const { return before_ + next_; }
  // Takes what is left, to the end of the last piece.
  void drain() {
    while (!at_end()) refill();
    while (!ended_) ended_ = pieces_().empty();
  }
  const std::optional<Failure>& fault() const { return fault_; } // json-encoding

private:
  void refill() {
    before_ += piece_.size();
    next_ = 0;
    piece_ = pieces_();
    ended_ = piece_.empty();
    if (ended_ && !utf8_.is_whole()) refuse("UTF-8", "an end inside a character");
    for (std::size_t i = 0; i < piece_.size(); ++i) {
      constexpr std::string_view mark = "\xef\xbb\xbf";
      const char c = piece_[i];
      if (marks_ == before_ + i && marks_ < mark.size() && c == mark[marks_] && ++marks_ == mark.size())
        return refuse("UTF-8 without byte order mark", "a byte order mark");
      if (c == 0 || !utf8_.add(c))
        return refuse("UTF-8 without NUL bytes", "byte " + std::to_string(static_cast<unsigned char>(c)) +
                                                     " at offset " + std::to_string(before_ + i));
    }
  }
  void refuse(const std::string& expected, const std::string& found) {
    fault_ = Failure(reason::json_encoding, "", expected, found);
    piece_ = {};
  }

  const Pieces& pieces_;
  std::string_view piece_;
  std::size_t next_ = 0;
  std::uint64_t before_ = 0, marks_ = 0; // bytes of earlier pieces; of a byte order mark so far
  bool ended_ = false;
  Utf8 utf8_;
  std::optional<Failure> fault_;
};

std::string utf8(std::uint32_t code) {
  const auto byte = [&](std::uint32_t lead, int shift) { return static_cast<char>(lead | (code >> shift & 0x3f)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {byte(0xc0, 6), byte(0x80, 0)};
  if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), byte(0x80, 6), byte(0x80, 0)};
  return {static_cast<char>(0xf0 | code >> 18), byte(0x80, 12), byte(0x80, 6), byte(0x80, 0)};
}

class Parser {
public:
  explicit Parser(Bytes& bytes) : bytes_(bytes) {}
  std::optional<Failure> left_form;

  Json document(const Form& form) {
    Json json = value(&form);
    require_syntax(bytes_.at_end());
    return json;
  }

private:
  // A value with the white space around it. Without a form, or where it leaves it, it is read and not kept.
  Json value(const Form* form) {
    skip_white_space();
    Json json;
    const char c = bytes_.front();
    if (c == '{')
      json.value = object(form);
    else if (c == '[')
      json.value = array(form);
    else if (c == '"' && form != nullptr && form->data)
      json.value = data();
    else if (c == '"')
      json.value = text();
    else if (c == '-' || is_digit(c))
      json.value = number();
    else
      word(c == 't' ? "true" : c == 'f' ? "false" : "null");
    skip_white_space();
    return json;
  }

  Json::Object object(const Form* form) {
    Json::Object members;
    enter();
    for (bool more = !take('}'); more; more = next_of('}')) {
      skip_white_space();
      std::string key = text();
      if (std::ranges::any_of(members, [&](const auto& member) { return member.first == key; }))
        fail(reason::key_duplicate, pointer_, "every key once", shown(key));
      skip_white_space();
      require_syntax(take(':'));
      const Form* inner = form_of(key, form, members.size());
      const std::size_t length = pointer_.size();
      pointer_ += "/" + escaped_pointer(key);
      Json json = value(inner);
      pointer_.resize(length);
      constexpr std::size_t watched = 64; // keys outside the form, in case they come twice
      if (inner != nullptr || members.size() < watched)
        members.emplace_back(std::move(key), inner != nullptr ? std::move(json) : Json());
    }
    --depth_;
    return members;
  }

  Json::Array array(const Form* form) {
    Json::Array elements;
    enter();
    std::uint64_t i = 0;
    for (bool more = !take(']'); more; more = next_of(']'), ++i) {
      const Form* inner = form == nullptr ? nullptr : form->element;
      if (inner != nullptr && i >= form->most) inner = too_many(*form);
      const std::size_t length = pointer_.size();
      pointer_ += "/" + std::to_string(i);
      Json json = value(inner);
      pointer_.resize(length);
      if (inner != nullptr) elements.push_back(std::move(json));
    }
    --depth_;
    return elements;
  }

  const Form* form_of(std::string_view key, const Form* form, std::size_t members) {
    if (form == nullptr) return nullptr;
    const auto found = std::ranges::find(form->members, key, &Form::Member::key);
    if (found != form->members.end()) return found->form;
    if (form->value != nullptr) return members < form->most ? form->value : too_many(*form);
    if (form->members.empty()) return nullptr; // no object is expected here
    std::string known;
    for (const Form::Member& member : form->members) known += (known.empty() ? "" : ", ") + std::string(member.key);
    return leave_form({reason::key_unknown, pointer_, "the keys " + known, shown(key)});
  }
  const Form* too_many(const Form& form) {
    return leave_form({form.too_many, pointer_, "at most " + std::to_string(form.most), "more"});
  }
  const Form* leave_form(const Failure& failure) {
    if (!left_form) left_form = failure;
    return nullptr;
  }

  std::uint64_t number() {
    std::string raw; // its beginning, to be shown
    const auto accept = [&] {
      if (raw.size() < 100) raw += bytes_.front();
      bytes_.pop();
    };
    bool fits = bytes_.front() != '-';
    if (!fits) accept();
    std::uint64_t value = 0;
    const auto digits = [&] {
      require_syntax(is_digit(bytes_.front()));
      while (is_digit(bytes_.front())) accept();
    };
    if (bytes_.front() == '0') {
      accept();
    } else {
      require_syntax(is_digit(bytes_.front()));
      for (; is_digit(bytes_.front()); accept())
        if (fits = fits && value <= INT64_MAX / 10; fits)
          value = 10 * value + static_cast<unsigned>(bytes_.front() - '0');
    }
    if (bytes_.front() == '.') {
      fits = false;
      accept();
      digits();
    }
    if (bytes_.front() == 'e' || bytes_.front() == 'E') {
      fits = false;
      accept();
      if (bytes_.front() == '+' || bytes_.front() == '-') accept();
      digits();
    }
    if (!fits || value > INT64_MAX)
      fail(reason::json_number, pointer_, "an unsigned integer below 2^63, digits alone", shown(raw));
    return value;
  }

  std::string text() {
    std::string out;
    string([&](char c) {
      if (out.size() <= limits::string_length) out += c;
    });
    return out;
  }
  std::optional<Json::Data> data() {
    Base64Decoder decoder;
    string([&](char c) { decoder.add(c); });
    return decoder.finish();
  }

  template <class Add>
  void string(Add add) {
    require_syntax(take('"'));
    while (!take('"')) {
      const char c = bytes_.front();
      require_syntax(!bytes_.at_end() && static_cast<unsigned char>(c) >= 0x20);
      bytes_.pop();
      if (c != '\\')
        add(c);
      else
        escape(add);
    }
  }

  template <class Add>
  void escape(Add add) {
    constexpr std::string_view names = "\"\\/bfnrtu", meanings = "\"\\/\b\f\n\r\t";
    const std::size_t which = names.find(bytes_.front());
    require_syntax(!bytes_.at_end() && which != std::string_view::npos);
    bytes_.pop();
    if (which < meanings.size()) return add(meanings[which]);
    std::uint32_t code = four_digits();
    if (code >= 0xd800 && code <= 0xdfff) {
      require_syntax(code <= 0xdbff && take('\\') && take('u'));
      const std::uint32_t low = four_digits();
      require_syntax(low >= 0xdc00 && low <= 0xdfff);
      code = 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
    }
    for (const char c : utf8(code)) add(c);
  }
  std::uint32_t four_digits() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = bytes_.front();
      const char lower = static_cast<char>(c | 0x20);
      require_syntax(is_digit(c) || (lower >= 'a' && lower <= 'f'));
      code = code << 4 | static_cast<std::uint32_t>(is_digit(c) ? c - '0' : lower - 'a' + 10);
      bytes_.pop();
    }
    return code;
  }

  void word(std::string_view word) {
    for (const char c : word) require_syntax(take(c));
  }
  void enter() {
    require(++depth_ <= limits::json_depth, reason::json_depth, pointer_,
            "nesting of at most " + std::to_string(limits::json_depth), "more");
    bytes_.pop();
    skip_white_space();
  }
  // After a member or element: whether another follows, or the container is closed.
  bool next_of(char close) {
    if (take(close)) return false;
    require_syntax(take(','));
    return true;
  }
  bool take(char c) {
    if (bytes_.front() != c) return false;
    bytes_.pop();
    return true;
  }
  void skip_white_space() {
    while (bytes_.front() == ' ' || bytes_.front() == '\t' || bytes_.front() == '\n' || bytes_.front() == '\r')
      bytes_.pop();
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  void require_syntax(bool holds) const {
    if (!holds)
      fail(reason::json_syntax, "", "one JSON value with nothing after it",
           "an error at byte " + std::to_string(bytes_.position() + 1));
  }

  Bytes& bytes_;
  std::size_t depth_ = 0;
  std::string pointer_;
};

} // namespace

std::string escaped_pointer(std::string_view key) {
  std::string out;
  for (const char c : key.substr(0, 80)) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c >= 0x21 && c <= 0x7e ? c : '?';
  }
  return out;
}

Pieces in_one_piece(std::string_view text) {
  return [text]() mutable { return std::exchange(text, {}); };
}

Document::Document(const Pieces& pieces, const Form& form) {
  Bytes bytes(pieces);
  Parser parser(bytes);
  std::optional<Failure> failure;
  try {
    root_ = parser.document(form);
  } catch (const Failure& thrown) {
    failure = thrown;
  }
  bytes.drain();
  if (bytes.fault()) throw Failure(*bytes.fault());
  if (failure) throw Failure(*failure);
  left_form_ = std::move(parser.left_form);
}

void Document::require_form() const {
  if (left_form_) throw Failure(*left_form_);
}

void Document::require_format(std::string_view format) {
  const JsonView json = root(), name = json.at("format");
  require(name.text() == format, reason::format_name, name.pointer(), std::string(format), shown(name.text()));
  const std::uint64_t version = json.at("version").unsigned_integer();
  if (version == 2) return;
  Failure failure(reason::version_unknown, "/version", "version 2", "version " + std::to_string(version));
  if (version == 1) failure.hint = "proofmark 0.1.0 is the last version that reads and writes version 1";
  throw failure;
}

JsonView Document::of_format(std::string_view format) {
  require_format(format);
  require_form();
  return root();
}

bool JsonView::is_string() const {
  return std::holds_alternative<std::string>(json_->value);
}

bool JsonView::is_array() const {
  return std::holds_alternative<Json::Array>(json_->value);
}
bool JsonView::is_object() const {
  return std::holds_alternative<Json::Object>(json_->value);
}

std::string JsonView::canonical_text() const {
  if (is_string()) return quoted(text());
  if (!is_array() && !is_object()) return std::to_string(unsigned_integer());
  std::string inner;
  const auto add = [&](const std::string& text) { inner += (inner.empty() ? "" : ",") + text; };
  if (is_array()) {
    for (const JsonView& element : array()) add(element.canonical_text());
    return "[" + inner + "]";
  }
  auto all = members();
  std::ranges::sort(all, {}, [](const auto& member) { return member.first; });
  for (const auto& [key, value] : all) add(quoted(key) + ":" + value.canonical_text());
  return "{" + inner + "}";
}

std::uint64_t JsonView::unsigned_integer() const {
  const auto* number = std::get_if<std::uint64_t>(&json_->value);
  require(number != nullptr, reason::type_mismatch, pointer_, "an unsigned integer");
  return *number;
}

Json::Data JsonView::take_data() const {
  auto* data = std::get_if<std::optional<Json::Data>>(&json_->value);
  require(data != nullptr, reason::type_mismatch, pointer_, "a string");
  require(data->has_value(), reason::base64, pointer_, "canonical base64 with padding");
  return std::move(**data);
}

const std::string& JsonView::string() const {
  const auto* string = std::get_if<std::string>(&json_->value);
  require(string != nullptr, reason::type_mismatch, pointer_, "a string");
  return *string;
}

const std::string& JsonView::text() const {
  const std::string& string = this->string();
  require(string.size() <= limits::string_length, reason::string_length, pointer_,
          "at most " + std::to_string(limits::string_length) + " characters", "more");
  require(is_printable_ascii(string), reason::string_alphabet, pointer_, "printable ASCII", shown(string));
  return string;
}

std::vector<JsonView> JsonView::array() const {
  auto* array = std::get_if<Json::Array>(&json_->value);
  require(array != nullptr, reason::type_mismatch, pointer_, "an array");
  std::vector<JsonView> views;
  views.reserve(array->size());
  for (Json& element : *array) views.emplace_back(element, pointer_ + "/" + std::to_string(views.size()));
  return views;
}

std::vector<JsonView> JsonView::array_of(std::size_t length) const {
  auto views = array();
  require(views.size() == length, reason::type_mismatch, pointer_, "an array of length " + std::to_string(length),
          std::to_string(views.size()));
  return views;
}

Json::Object& JsonView::object() const {
  auto* object = std::get_if<Json::Object>(&json_->value);
  require(object != nullptr, reason::type_mismatch, pointer_, "an object");
  return *object;
}

std::vector<std::pair<std::string, JsonView>> JsonView::members() const {
  std::vector<std::pair<std::string, JsonView>> views;
  for (auto& [key, json] : object()) {
    require(key.size() <= limits::string_length, reason::string_length, pointer_, "shorter keys");
    require(is_printable_ascii(key), reason::string_alphabet, pointer_, "keys of printable ASCII", shown(key));
    views.emplace_back(key, JsonView(json, pointer_ + "/" + escaped_pointer(key)));
  }
  return views;
}

bool JsonView::has(std::string_view key) const {
  return std::ranges::any_of(object(), [&](const auto& member) { return member.first == key; });
}

bool JsonView::has_first_of(const std::string& first, const std::string& second) const {
  const bool has_first = has(first), has_second = has(second);
  require(has_first || has_second, reason::key_missing, pointer_, "the key " + first + " or " + second, "none");
  require(!has_first || !has_second, reason::key_unknown, pointer_, "the key " + first + " or " + second, "both");
  return has_first;
}

JsonView JsonView::at(std::string_view key) const {
  for (auto& [name, json] : object())
    if (name == key) return {json, pointer_ + "/" + escaped_pointer(key)};
  fail(reason::key_missing, pointer_, "the key " + std::string(key), "none");
}

} // namespace verifier
