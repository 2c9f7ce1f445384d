// Text from outside: whether it is UTF-8, and how it is shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace verifier {

// Bytes of the well-formed UTF-8 sequence at the front of `text` (Unicode, table 3-7), or 0 if there is none.
std::size_t utf8_sequence(std::string_view text);

// Whatever is printed of a text from outside goes through here, last of all: printable ASCII stays and every other byte
// becomes \xNN. Where the reader's terminal takes UTF-8, letters stay too: of alphabets that are written from left to right
// with one character a letter, so that nothing overwrites, hides or reorders what stands around it.
std::string printable(std::string_view text, bool utf8);

// Text from a certificate: in quotes, ASCII for every terminal; long text is cut.
std::string shown(std::string_view);

} // namespace verifier
