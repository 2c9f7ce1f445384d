// Text from outside: whether it is UTF-8, and how it is shown.
#pragma once

#include <string>
#include <string_view>

namespace verifier {

// Follows a text byte by byte: well-formed UTF-8 (Unicode, table 3-7) or not.
class Utf8 {
public:
  bool add(char c) { return (left_ == 0 && (c & 0x80) == 0) || add_to_sequence(static_cast<unsigned char>(c)); }
  bool is_whole() const { return left_ == 0; } // no character is cut

private:
  bool add_to_sequence(unsigned byte);
  unsigned left_ = 0, low_ = 0x80, high_ = 0xbf; // bytes to come, and the range of the next
};

// Whatever is printed of a text from outside goes through here, last of all: printable ASCII stays and every other byte
// becomes \xNN. Where the reader's terminal takes UTF-8, letters stay too: of alphabets that are written from left to right
// with one character a letter, so that nothing overwrites, hides or reorders what stands around it.
std::string printable(std::string_view text, bool utf8);

// As JSON has it: of our own words and of checked text, printable ASCII.
std::string quoted(std::string_view);

// Text from a certificate: in quotes, ASCII for every terminal; long text is cut.
std::string shown(std::string_view);

} // namespace verifier
