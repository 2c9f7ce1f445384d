#include "in_quotes.hpp"

#include <fmt/format.h>

namespace proofmark {

std::string in_quotes(std::string_view text) {
  return fmt::format("'{}'", printable(text));
}

std::string printable(std::string_view text, std::size_t longest) {
  std::string result;
  for (const char c : text.substr(0, longest)) {
    if (c >= 0x20 && c <= 0x7e)
      result += c;
    else
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return result + (text.size() > longest ? "..." : "");
}

} // namespace proofmark
