#include "reading/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace verifier {
namespace {

std::uint32_t code_point(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(sequence[i])); };
  std::uint32_t code = byte(0) & (sequence.size() == 1 ? 0x7fu : 0xffu >> (sequence.size() + 1));
  for (std::size_t i = 1; i < sequence.size(); ++i) code = code << 6 | (byte(i) & 0x3f);
  return code;
}

bool is_harmless_letter(std::uint32_t code) {
  struct Range {
    std::uint32_t first, last;
  };
  constexpr std::array ranges = {Range{0x00c0, 0x024f}, Range{0x0391, 0x03a1}, Range{0x03a3, 0x03ff}, // Latin, Greek
                                 Range{0x0400, 0x0481}, Range{0x048a, 0x052f}, // Cyrillic, without its combining marks
                                 Range{0x1e00, 0x1eff},                        // Latin of Vietnamese
                                 Range{0x3041, 0x3096}, Range{0x30a1, 0x30fa}, Range{0x4e00, 0x9fff}, // Kana, Han
                                 Range{0xac00, 0xd7a3}};                                              // Hangul
  return std::ranges::any_of(ranges, [&](const Range& range) { return range.first <= code && code <= range.last; });
}

} // namespace

bool Utf8::add_to_sequence(unsigned byte) {
  if (left_ > 0) {
    const bool continues = low_ <= byte && byte <= high_;
    --left_;
    low_ = 0x80, high_ = 0xbf;
    return continues;
  }
  if (byte < 0xc2 || byte > 0xf4) return false;
  left_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  low_ = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;  // no character in more bytes than it needs
  high_ = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf; // no surrogate, nothing beyond Unicode
  return true;
}

std::string printable(std::string_view text, bool utf8) {
  std::string out;
  while (!text.empty()) {
    Utf8 utf8_so_far;
    std::size_t length = 1;
    bool well_formed = utf8_so_far.add(text[0]);
    while (well_formed && !utf8_so_far.is_whole() && length < text.size())
      well_formed = utf8_so_far.add(text[length++]);
    const std::string_view sequence = text.substr(0, well_formed && utf8_so_far.is_whole() ? length : 1);
    text.remove_prefix(sequence.size());
    const bool ascii = sequence[0] >= 0x20 && sequence[0] < 0x7f;
    if (ascii || (utf8 && sequence.size() > 1 && is_harmless_letter(code_point(sequence)))) {
      out += sequence;
      continue;
    }
    for (const char c : sequence) {
      constexpr std::string_view digits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string out = "\"";
  for (const char c : text.substr(0, longest))
    out += c == '"' ? "\\x22" : c == '\\' ? "\\x5c" : printable({&c, 1}, false);
  return out + (text.size() > longest ? "\" (cut)" : "\"");
}

} // namespace verifier
