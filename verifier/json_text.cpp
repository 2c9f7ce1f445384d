#include "json_text.hpp"

#include "limits.hpp"
#include "text.hpp"

#include <algorithm>
#include <utility>

namespace verifier {
namespace {

int hexadecimal_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

} // namespace

void JsonText::drain() {
  while (!at_end()) refill();
  while (!ended_) ended_ = pieces_().empty();
}

std::optional<JsonText::LongString> JsonText::take_long_string(std::uint64_t number) {
  auto node = long_strings_.extract(number);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

void JsonText::refill() {
  seen_.clear();
  next_ = 0;
  while (seen_.empty() && !ended_ && !fault_) { // nothing may be seen of a piece, and only the end is empty
    const std::string_view piece = pieces_();
    ended_ = piece.empty();
    see(checked(piece));
  }
}

std::string_view JsonText::checked(std::string_view piece) {
  constexpr std::size_t longest_sequence = 4;
  if (!cut_.empty()) {
    joined_ = std::exchange(cut_, {}) + std::string(piece);
    piece = joined_;
  }
  const auto found = [&](const std::string& expected, const std::string& fault) {
    fault_ = Failure(Reason::json_encoding, "", expected, fault);
    return std::string_view();
  };
  if (offset_ == 0 && piece.starts_with("\xef\xbb\xbf"))
    return found("UTF-8 without byte order mark", "a byte order mark");
  for (std::size_t i = 0; i < piece.size();) {
    const auto byte = static_cast<unsigned char>(piece[i]);
    if (byte >= 0x80 && !ended_ && piece.size() - i < longest_sequence) { // goes on, perhaps, in the next piece
      cut_ = piece.substr(i);
      piece = piece.substr(0, i);
      break;
    }
    const std::size_t length = byte < 0x80 ? 1 : utf8_sequence(piece.substr(i, longest_sequence));
    if (byte == 0 || length == 0)
      return found("UTF-8 without NUL bytes",
                   "byte " + std::to_string(byte) + " at offset " + std::to_string(offset_ + i));
    i += length;
  }
  offset_ += piece.size();
  return piece;
}

void JsonText::see(std::string_view text) {
  for (const char c : text) {
    if (state_ != State::outside) {
      see_in_string(c);
      continue;
    }
    seen_ += c;
    if (c != '"') continue;
    state_ = State::inside;
    length_ = 0;
    left_out_ = false;
    decoder_ = {};
  }
}

// Follows valid JSON exactly; where an escape is none, the parser fails.
void JsonText::see_in_string(char c) {
  constexpr char no_base64 = 0;
  if (state_ == State::inside && c != '"' && c != '\\') {
    add_to_string(c);
    if (length_ <= limits::string_length + 1 || !is_base64(c)) {
      seen_ += c;
    } else {
      left_out_ = true;
      is_whole_ = false;
    }
    return;
  }
  seen_ += c;
  if (state_ == State::inside && c == '"') {
    if (left_out_) long_strings_.emplace(strings_, LongString{decoder_.finish()});
    ++strings_;
    state_ = State::outside;
  } else if (state_ == State::inside) {
    state_ = State::escape;
  } else if (state_ == State::escape && c == 'u') {
    code_ = code_digits_ = 0;
    state_ = State::code;
  } else if (state_ == State::escape) {
    add_to_string(c == '/' ? '/' : no_base64);
    state_ = State::inside;
  } else {
    const int digit = hexadecimal_digit(c);
    code_ = 16 * code_ + static_cast<unsigned>(std::max(digit, 0));
    if (digit >= 0 && ++code_digits_ < 4) return;
    add_to_string(code_ < 0x80 ? static_cast<char>(code_) : no_base64);
    state_ = State::inside;
  }
}

void JsonText::add_to_string(char unescaped) {
  ++length_;
  decoder_.add(unescaped);
}

} // namespace verifier
