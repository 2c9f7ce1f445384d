#include "report/escape.hpp"

#include "support/in_quotes.hpp"

namespace proofmark {

std::string html(std::string_view text) {
  std::string result;
  for (const char c : printable_lines(text, Charset::utf8)) {
    switch (c) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    case '\'':
      result += "&#39;";
      break;
    default:
      result += c;
    }
  }
  return result;
}

std::string latex(std::string_view text) {
  std::string result;
  for (const char c : printable(text, text.npos, Charset::ascii)) {
    switch (c) {
    case '\\':
      result += "\\textbackslash{}";
      break;
    case '~':
      result += "\\textasciitilde{}";
      break;
    case '^':
      result += "\\textasciicircum{}";
      break;
    case '<':
      result += "\\textless{}";
      break;
    case '>':
      result += "\\textgreater{}";
      break;
    case '|':
      result += "\\textbar{}";
      break;
    case '"':
      result += "\\char34{}"; // babel gives " a meaning, and not every encoding has its name
      break;
    case '{':
    case '}':
    case '$':
    case '&':
    case '#':
    case '_':
    case '%':
      result += '\\';
      [[fallthrough]];
    default:
      result += c;
    }
  }
  return result;
}

} // namespace proofmark
