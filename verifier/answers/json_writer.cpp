#include "answers/json_writer.hpp"

namespace verifier {
namespace {

// Of our own words and checked text: printable ASCII.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

} // namespace

std::string Output::text(std::size_t indent, std::size_t depth) const {
  const std::string line = "\n" + std::string(indent * depth, ' '), inner = line + std::string(indent, ' ');
  const auto listed = [&](char open, char close, const auto& items, auto&& text_of) {
    std::string out(1, open);
    for (const auto& item : items) out += (out.size() > 1 ? "," : "") + inner + text_of(item);
    return out + (items.empty() ? "" : line) + close;
  };
  if (const auto* number = std::get_if<std::uint64_t>(&value_)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value_)) return quoted(*text);
  if (const auto* elements = std::get_if<Array>(&value_))
    return listed('[', ']', *elements, [&](const Output& element) { return element.text(indent, depth + 1); });
  if (const auto* members = std::get_if<Object>(&value_))
    return listed('{', '}', *members, [&](const auto& member) {
      return quoted(member.first) + ": " + member.second.text(indent, depth + 1);
    });
  return "null";
}

Output::Object operations_json(const Operations& operations) {
  Output::Object json;
  for (std::size_t i = 0; i < Operations::kinds.size(); ++i)
    json.emplace_back(Operations::names[i], operations.*Operations::kinds[i]);
  return json;
}

Output count_json(const mpz_class& count) {
  if (count >= mpz_class(1) << 63) return count.get_str();
  return std::uint64_t{count.get_ui()}; // 64 bits, as below
}
static_assert(sizeof(unsigned long) == sizeof(std::uint64_t));

Output task_json(const Task& task) {
  return Output::Object{
      {"name", "max"}, {"context", task.context}, {"vocabulary", task.vocabulary}, {"inputs", "uniform"}};
}

Output::Object claim_json(const Claim& claim) {
  return {{"quantity", name(claim.quantity)}, {"direction", name(claim.direction)}, {"bound", claim.text}};
}

} // namespace verifier
