// Descriptions as people read them, and with some word where nobody has said one.

#include "networks/naming/draft.hpp"

#include <algorithm>

namespace proofmark::networks {

namespace {

using Json = nlohmann::ordered_json;

std::string on_one_line(const Json& value) {
  if (!value.is_structured()) return value.dump();
  std::string text;
  for (const auto& [key, member] : value.items()) {
    if (!text.empty()) text += ", ";
    if (value.is_object()) text += Json(key).dump() + ": ";
    text += on_one_line(member);
  }
  return value.is_object() ? "{" + text + "}" : "[" + text + "]";
}

bool has_objects(const Json& value) {
  return std::any_of(value.begin(), value.end(), [](const Json& member) {
    return member.is_object() || (member.is_array() && has_objects(member));
  });
}

std::string indented(const Json& value, const std::string& indent) {
  if (!value.is_structured() || !has_objects(value)) return on_one_line(value);
  const std::string deeper = indent + "  ";
  std::string text;
  for (const auto& [key, member] : value.items()) {
    text += (text.empty() ? "\n" : ",\n") + deeper;
    if (value.is_object()) text += Json(key).dump() + ": ";
    text += indented(member, deeper);
  }
  return (value.is_object() ? "{" : "[") + text + "\n" + indent + (value.is_object() ? "}" : "]");
}

} // namespace

std::string readable(const Json& json) {
  return indented(json, "") + "\n";
}

Json filled_in(Json json) {
  const auto fill = [](const auto& self, Json& value, const std::string& key) -> void {
    if (value == "?") {
      if (key == "positions" || key == "heads")
        value = 1;
      else if (key == "eps")
        value = "1e-5";
      else if (key == "mask")
        value = "causal";
      else if (key == "scores")
        value = "scaled";
      else if (key == "pool")
        value = "last";
      else if (key == "order")
        value = "pre";
      else if (key == "norm")
        value = Json{{"layer", {{"eps", "1e-5"}}}};
      else
        value = "relu";
    }
    if (value.is_structured())
      for (auto& [name, member] : value.items()) self(self, member, value.is_object() ? name : "");
  };
  fill(fill, json, "");
  return json;
}

} // namespace proofmark::networks
