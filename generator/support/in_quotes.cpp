#include "support/in_quotes.hpp"

#include <fmt/format.h>
#include <langinfo.h>
#include <locale.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace proofmark {

namespace {

struct Range {
  char32_t first, last;
};

// What is obeyed and not drawn, or drawn as nothing: controls, marks of direction and of format, separators of lines,
// fillers, variation selectors and tags; what has no fixed meaning: private use; and what is no character.
constexpr Range unseen[] = {
    {0, 0x1f},          {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},     {0x600, 0x605},
    {0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},     {0x8e2, 0x8e2},
    {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
    {0x2060, 0x206f},   {0x3164, 0x3164},   {0xd800, 0xf8ff},   {0xfdd0, 0xfdef},   {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x110bd, 0x110bd},
    {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0x1fffe, 0x1ffff},
    {0x2fffe, 0x2ffff}, {0x3fffe, 0x3ffff}, {0xe0000, 0x10ffff}};

// How many bytes the character has that the text begins with; 0 when it is not one to show.
std::size_t seen(std::string_view text, Charset charset) {
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000}; // by length: longer forms are none
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t size = byte(0) < 0x80 ? 1 : byte(0) < 0xc0 ? 0 : byte(0) < 0xe0 ? 2 : byte(0) < 0xf0 ? 3 : 4;
  if (size == 0 || size > text.size() || byte(0) >= 0xf8 || (size > 1 && charset == Charset::ascii)) return 0;
  char32_t character = size == 1 ? byte(0) : byte(0) & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
    character = character << 6U | (byte(i) & 0x3fU);
  }
  const bool shown = character >= least[size] && character <= 0x10ffff &&
                     std::none_of(std::begin(unseen), std::end(unseen), [&](const Range& range) {
                       return range.first <= character && character <= range.last;
                     });
  return shown ? size : 0;
}

} // namespace

Charset charset_of_locale() {
  static const Charset result = [] {
    locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr);
    const bool utf8 = locale && std::string_view(nl_langinfo_l(CODESET, locale)) == "UTF-8";
    if (locale) freelocale(locale);
    return utf8 ? Charset::utf8 : Charset::ascii;
  }();
  return result;
}

std::string printable(std::string_view text, std::size_t longest, Charset charset) {
  std::string result;
  for (std::size_t characters = 0; !text.empty(); ++characters) {
    if (characters == longest) return result + "...";
    const std::size_t size = seen(text, charset);
    if (size > 0)
      result += text.substr(0, size);
    else
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return result;
}

std::string in_quotes(std::string_view text) {
  return fmt::format("'{}'", printable(text));
}

std::string printable_lines(std::string_view text, Charset charset) {
  std::string result;
  for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    result += printable(text.substr(0, end), text.npos, charset) + '\n';
    text.remove_prefix(end + 1);
  }
  return result + printable(text, text.npos, charset);
}

std::string in_document(std::string_view text, std::size_t longest) {
  return printable(text, longest, Charset::utf8);
}

} // namespace proofmark
