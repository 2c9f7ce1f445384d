#include "support/in_quotes.hpp"

#include <doctest/doctest.h>

using namespace proofmark;

namespace {

std::string utf8(std::string_view text) {
  return printable(text, 100, Charset::utf8);
}

} // namespace

TEST_CASE("letters of all languages are shown where the character set has them") {
  for (const char* const text :
       {"plain ~ !", "\xc3\xbc", "\xe5\x90\x8d\xe5\x89\x8d", "\xf0\x9f\xa6\x86", "e\xcc\x81", "\xef\xbf\xbd"})
    CHECK(utf8(text) == text);
  CHECK(printable("\xc3\xbc.json", 100, Charset::ascii) == "\\xc3\\xbc.json");
}

TEST_CASE("what is obeyed or cannot be seen is shown byte by byte") {
  CHECK(utf8("a\nb\x1b[0m\r\t\x7f") == "a\\x0ab\\x1b[0m\\x0d\\x09\\x7f");
  for (const char* const text :
       {"\xc2\x80",         "\xc2\x9b",         "\xc2\x9f",        "\xc2\xad",     "\xcd\x8f",     "\xd8\x9c",
        "\xe1\xa0\x8e",     "\xe2\x80\x8b",     "\xe2\x80\x8f",    "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaa",
        "\xe2\x80\xae",     "\xe2\x81\xa0",     "\xe2\x81\xa6",    "\xe2\x81\xa9", "\xe3\x85\xa4", "\xee\x80\x80",
        "\xef\xa3\xbf",     "\xef\xb8\x8f",     "\xef\xbb\xbf",    "\xef\xbf\xbb", "\xef\xbf\xbe", "\xf0\x9f\xbf\xbe",
        "\xf3\xa0\x80\x81", "\xf3\xa0\x84\x80", "\xf4\x8f\xbf\xbf"})
    CHECK(utf8(text).find_first_not_of("\\x0123456789abcdef") == std::string::npos);
}

TEST_CASE("what is not UTF-8 is shown byte by byte") {
  // cut short, overlong, a surrogate, beyond the last character, stray bytes
  for (const char* const text : {"\xc3", "\xe5\x90", "\xf0\x9f\xa6", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
                                 "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\x80", "\xbf", "\xff"})
    CHECK(utf8(text).find_first_not_of("\\x0123456789abcdef") == std::string::npos);
  CHECK(utf8("\xc3(") == "\\xc3(");
}

TEST_CASE("long text is cut between characters") {
  CHECK(printable("\xc3\xbc\xc3\xbc\xc3\xbc", 2, Charset::utf8) == "\xc3\xbc\xc3\xbc...");
  CHECK(printable("abc", 3) == "abc");
  CHECK(printable_lines("a\x1b\nb\n", Charset::utf8) == "a\\x1b\nb\n");
}
