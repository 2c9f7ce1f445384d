#include "explanations/file.hpp"

#include "files/json_file.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <vector>

namespace proofmark::explanations {

namespace {

constexpr const char* see_page = "docs/explanations.md has every key, with examples";
constexpr const char *format = "proofmark-explanation", *format_key = "format", *version_key = "version",
                     *strategy_key = "strategy";
constexpr std::uint64_t version = 1;

} // namespace

File::File(const std::filesystem::path& path)
    : name_(printable(path.filename().string())), source_("the explanation " + in_quotes(path.string())) {
  json_ = parse_unique(read_text(path), source_,
                       "names and words stand in double quotes, commas between entries and none after the last; "
                       "docs/explanations.md has examples");
  const JsonPlace root = fields();
  if (!json_.is_object()) root.refuse("an object", "");
  for (const char* key : {format_key, version_key, strategy_key})
    if (!json_.contains(key))
      root.refuse_as(fmt::format("has no '{}'", key),
                     "it begins {\"format\": \"proofmark-explanation\", \"version\": 1, "
                     "\"strategy\": ..}; docs/explanations.md has examples");
  if (root.at(format_key).text(format) != format) root.at(format_key).refuse(fmt::format("'{}'", format), "");
  root.at(version_key).whole_number(version, version);
  strategy_ = root.at(strategy_key).text("the name of a strategy");
}

JsonPlace File::fields() const {
  return {json_, "", source_, see_page};
}

void File::require_keys(std::span<const char* const> of_the_strategy) const {
  std::vector<const char*> known{format_key, version_key, strategy_key};
  known.insert(known.end(), of_the_strategy.begin(), of_the_strategy.end());
  fields().require_keys({}, known);
}

nlohmann::ordered_json begun(const std::string& strategy) {
  return {{format_key, format}, {version_key, version}, {strategy_key, strategy}};
}

std::string text_of(const nlohmann::ordered_json& json) {
  std::string text = "{";
  bool is_first = true;
  for (const auto& [key, value] : json.items()) {
    text += fmt::format("{}\n  {}: ", is_first ? "" : ",", nlohmann::json(key).dump());
    is_first = false;
    const bool nested = value.is_structured() && !value.empty() &&
                        std::any_of(value.begin(), value.end(), [](const auto& item) { return item.is_structured(); });
    if (!nested) {
      text += value.dump();
      continue;
    }
    text += "[";
    for (std::size_t i = 0; i < value.size(); ++i)
      text += fmt::format("{}\n    {}", i == 0 ? "" : ",", value[i].dump());
    text += "\n  ]";
  }
  return text + "\n}\n";
}

} // namespace proofmark::explanations
