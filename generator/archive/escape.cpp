#include "archive/escape.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <nlohmann/json.hpp>

namespace proofmark {

namespace {

constexpr std::size_t longest = 1000;

// The library refuses overlong forms, surrogates and what is cut short.
bool is_utf8(std::string_view text) {
  try {
    nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

// U+0000 to U+001F, U+007F to U+009F, U+2028, U+2029, U+FEFF, U+FFFE and U+FFFF, in UTF-8.
bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::string_view two = text.substr(i, 2), three = text.substr(i, 3);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && two.size() == 2 && static_cast<unsigned char>(two[1]) < 0xa0) return true;
    if (three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9" || three == "\xef\xbb\xbf" || three == "\xef\xbf\xbe" ||
        three == "\xef\xbf\xbf")
      return true;
  }
  return false;
}

} // namespace

void require_plain_text(const std::string& option, std::string_view text) {
  const char* const wrong = text.empty()                               ? "is empty"
                            : text.size() > longest                    ? "is longer than 1000 bytes"
                            : !is_utf8(text)                           ? "is not UTF-8"
                            : has_control_character(text)              ? "has a line break or another control character"
                            : text.find_first_not_of(' ') == text.npos ? "is blank"
                                                                       : nullptr;
  if (wrong) throw Error(Exit::usage, option + " " + in_quotes(text) + " " + wrong, "give it as one line of text");
}

std::string in_markdown(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>#|&~!$").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string in_double_quotes(std::string_view text) {
  return nlohmann::json(text).dump();
}

} // namespace proofmark
