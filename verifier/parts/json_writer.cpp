#include "parts/json_writer.hpp"

#include "kernel/integers.hpp"
#include "reading/text.hpp"

#include <span>

namespace verifier {
namespace {

constexpr std::size_t columns = 120; // of a line with several values on it

std::string base64(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t j) { return j < bytes.size() ? std::uint32_t{bytes[j]} : 0u; };
    const std::uint32_t three = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    for (const int shift : {18, 12, 6, 0}) out += digits[three >> shift & 63];
  }
  const std::size_t missing = (3 - bytes.size() % 3) % 3;
  return out.replace(out.size() - missing, missing, missing, '=');
}

Output tensor_json(const Tensor& tensor) {
  return Output::Object{{"dtype", name(tensor.dtype)},
                        {"shape", Output::Array(tensor.shape.begin(), tensor.shape.end())},
                        {"data", base64(tensor.bytes)}};
}

// The same value, of text, numbers and what holds them.
Output copied(const JsonView& json) {
  if (json.is_string()) return json.text();
  if (json.is_array()) {
    Output::Array elements;
    for (const JsonView& element : json.array()) elements.push_back(copied(element));
    return elements;
  }
  if (!json.is_object()) return json.unsigned_integer();
  Output::Object members;
  for (const auto& [key, value] : json.members()) members.emplace_back(key, copied(value));
  return members;
}

} // namespace

std::string Output::text(std::size_t indent, std::size_t depth) const {
  const std::string line = "\n" + std::string(indent * depth, ' '), inner = line + std::string(indent, ' ');
  const auto listed = [&](char open, char close, const auto& items, auto&& text_of) {
    std::vector<std::string> texts;
    std::size_t length = indent * depth;
    bool fits = true;
    for (const auto& item : items) {
      texts.push_back(text_of(item));
      length += texts.back().size() + 2;
      fits = fits && length <= columns && texts.back().find('\n') == std::string::npos;
    }
    std::string out(1, open);
    for (std::size_t i = 0; i < texts.size(); ++i)
      out += (i == 0 ? "" : fits ? ", " : ",") + (fits ? "" : inner) + texts[i];
    return out + (fits ? "" : line) + close;
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

Output::Object operations_json(const kernel::Performed& operations) {
  Output::Object json;
  for (std::size_t i = 0; i < operations.size(); ++i) json.emplace_back(operation_names[i], operations[i]);
  return json;
}

Output count_json(const mpz_class& count) {
  if (count >= mpz_class(1) << 63) return count.get_str();
  return in_64_bits(count);
}

Output task_json(const Task& task) {
  Output::Object inputs, label;
  if (task.list) {
    inputs.emplace_back("list", tensor_json(*task.list));
  } else {
    Output::Array ranges;
    for (const TokenRange& range : task.ranges) ranges.push_back(Output::Array{range.from, range.to});
    inputs.emplace_back("ranges", std::move(ranges));
  }
  if (task.label.table) {
    label.emplace_back("table", tensor_json(*task.label.table));
  } else {
    label.emplace_back("name", task.label.name);
    if (task.label.parameter > 0)
      label.emplace_back(std::string(find_label_function(task.label.name)->parameter), task.label.parameter);
    const auto& positions = task.label.positions;
    if (!positions.empty()) label.emplace_back("positions", Output::Array(positions.begin(), positions.end()));
  }
  return Output::Object{{"inputs", std::move(inputs)}, {"label", std::move(label)}};
}

Output architecture_json(const Architecture& architecture) {
  Json json = architecture.json;
  return copied({json, ""});
}

Output::Object claim_json(const Claim& claim) {
  return {{"quantity", name(claim.quantity)}, {"direction", name(claim.direction)}, {"bound", claim.text}};
}

} // namespace verifier
