// The text of a JSON document on its way to the parser: it arrives in pieces, its encoding is checked, and long strings of
// base64, which are almost all of a certificate, are decoded here and never become strings.
//
// What the parser sees differs from the text in one way: of a string with more than limits::string_length + 1 characters,
// characters of the base64 alphabet beyond these are left out, escapes apart. So the parser judges the syntax of all that
// is unusual in a string, and such a string stays too long for every place in which data is not expected.
#pragma once

#include "base64.hpp"
#include "reason.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

// The next piece of a text, which lasts until the one after it is asked for; empty at the end, and from then on.
using Pieces = std::function<std::string_view()>;

class JsonText {
public:
  explicit JsonText(const Pieces& pieces) : pieces_(pieces) { refill(); }

  // What the parser sees. At the first fault of encoding it ends.
  bool at_end() const { return next_ == seen_.size(); }
  char front() const { return seen_[next_]; }
  void pop() {
    if (++next_ == seen_.size()) refill();
  }

  bool is_whole() const { return is_whole_; } // so far, nothing was left out of what the parser sees

  // Of a string of which characters were left out: what it spells, if that is canonical base64.
  struct LongString {
    std::optional<std::vector<std::uint8_t>> data;
  };
  // About the string with this number (from 0, in the order of the text, keys included), which the parser has just read;
  // nothing if all of it was seen. Asked once.
  std::optional<LongString> take_long_string(std::uint64_t number);

  // Takes what is left, to the end of the last piece.
  void drain();
  const std::optional<Failure>& fault() const { return fault_; } // json-encoding

private:
  void refill();
  std::string_view checked(std::string_view piece); // what of it is well-formed UTF-8
  void see(std::string_view text);
  void see_in_string(char c);
  void add_to_string(char unescaped); // 0 for what no base64 has

  const Pieces& pieces_;
  bool ended_ = false;
  std::string seen_; // of the present piece
  std::size_t next_ = 0;

  std::string cut_;          // the start of a UTF-8 sequence that the end of a piece cut
  std::string joined_;       // that, and the next piece
  std::uint64_t offset_ = 0; // bytes that were checked
  std::optional<Failure> fault_;

  // The string that is being read.
  enum class State { outside, inside, escape, code };
  State state_ = State::outside;
  std::uint64_t length_ = 0; // characters so far; an escape is one
  bool left_out_ = false;
  bool is_whole_ = true;
  unsigned code_ = 0, code_digits_ = 0; // of an escape \uXXXX
  Base64Decoder decoder_;

  std::uint64_t strings_ = 0;                        // that have ended
  std::map<std::uint64_t, LongString> long_strings_; // that the parser has not come to
};

} // namespace verifier
