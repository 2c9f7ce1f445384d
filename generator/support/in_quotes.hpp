// Text from a file, the command line or another program, made fit to print inside a message or a document. All such text
// goes through here.
#pragma once

#include <string>
#include <string_view>

namespace proofmark {

enum class Charset { ascii, utf8 };

Charset charset_of_locale(); // what messages may have

// What the character set can show stays, cut after `longest` characters; every other byte becomes \xHH. No control
// character, line break, escape sequence, mark that turns the direction of text, or character that cannot be seen is let
// through, so that nothing can pass for a line of ours or give orders to a terminal.
std::string printable(std::string_view, std::size_t longest = 100, Charset = charset_of_locale());

std::string in_quotes(std::string_view);                                      // the same in single quotes
std::string printable_lines(std::string_view, Charset = charset_of_locale()); // whole; line breaks stay

// The same in a document in UTF-8, whatever the locale is.
std::string in_document(std::string_view, std::size_t longest = 100);

} // namespace proofmark
