#include "files/csv.hpp"

namespace proofmark {

namespace {

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

} // namespace

std::string csv_line(const std::vector<std::string>& cells) {
  std::string result;
  for (const std::string& text : cells) result += cell(text) + ',';
  result.back() = '\n';
  return result;
}

std::string csv_text(std::string_view text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r\n ").find(text.front()) != std::string_view::npos;
  std::string result(formula ? "'" : "");
  result += text;
  return result;
}

} // namespace proofmark
