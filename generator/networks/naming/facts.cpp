#include "networks/naming/facts.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"
#include "support/spelling.hpp"

#include "networks/architecture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace proofmark::networks {

namespace {

using Json = nlohmann::ordered_json;

struct Fact {
  std::string key, meaning; // for --help
  std::vector<std::string> words;
  bool number = false, decimal = false; // may be one
};

const std::vector<Fact>& facts() {
  static const std::vector<Fact> all = {
      {"activation", "of MLPs, and of a readout that has one", {"relu", "gelu", "gelu-tanh", "silu", "tanh"}},
      {"eps", "what norms add to a variance", {}, false, true},
      {"heads", "of each attention", {}, true},
      {"mask", "who sees whom", {"causal", "none"}},
      {"norm", "norms that have no tensors, such as LNPre", {"none", "layer", "rms"}},
      {"order", "norms stand before their part, or after its addition", {"pre", "post"}},
      {"pool", "what is read out: the last position, the N-th from 0, or all", {"last", "sum", "mean"}, true},
      {"positions", "tokens of an input", {}, true},
      {"scores",
       "of attention: over sqrt(head width), or times a factor",
       {"scaled", "unscaled", "uniform"},
       false,
       true},
  };
  return all;
}

// "relu" as JSON: a position that is pooled and a factor are objects.
std::optional<Json> value_of(const Fact& fact, const std::string& text) {
  if (std::find(fact.words.begin(), fact.words.end(), text) != fact.words.end()) return text;
  if (const auto number = whole_number(text); number && fact.number)
    return fact.key == "pool" ? Json{{"position", *number}} : Json(*number);
  if (fact.decimal && parse_exact_decimal(text)) return fact.key == "scores" ? Json{{"factor", text}} : Json(text);
  return {};
}

std::string expected(const Fact& fact) {
  std::string text = joined(fact.words, ", ");
  if (fact.number || fact.decimal)
    text += fmt::format("{}{}", text.empty() ? "" : " or ", fact.number ? "a number" : "a decimal such as 1e-5");
  return text;
}

// "mask=causal|none".
std::string choices(const Fact& fact) {
  std::string text = joined(fact.words, "|");
  if (fact.number || fact.decimal) text += std::string(text.empty() ? "" : "|") + (fact.number ? "N" : "DECIMAL");
  return fact.key + "=" + text;
}

// The key that answers a '?' at a place of a description: "blocks[0].mlp.norm.layer.eps" is eps, "readout[1]" an activation.
std::string_view key_at(std::string_view place) {
  return place.starts_with("readout[") && place.ends_with("]") ? "activation" : place.substr(place.rfind('.') + 1);
}

} // namespace

std::optional<std::uint64_t> whole_number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

std::string fact_help() {
  std::string text;
  for (const Fact& fact : facts()) text += fmt::format("  {}\n      {}\n", choices(fact), fact.meaning);
  return text;
}

std::string settings_for(const std::vector<std::string>& places) {
  std::string text;
  for (const Fact& fact : facts())
    if (std::any_of(places.begin(), places.end(), [&](const std::string& place) { return key_at(place) == fact.key; }))
      text += (text.empty() ? "--set " : " --set ") + choices(fact);
  return text;
}

void say_fact(Facts& facts_said, const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string key = text.substr(0, equals);
  std::vector<std::string> known;
  for (const Fact& fact : facts()) {
    known.push_back(fact.key);
    if (fact.key != key || equals == text.npos) continue;
    const std::string word = text.substr(equals + 1);
    const std::optional<Json> value = value_of(fact, word);
    if (!value)
      throw Error(Exit::usage, fmt::format("--set {} is {}, expected {}", key, in_quotes(word), expected(fact)),
                  spelling_hint(word, fact.words, "its words"));
    if (!facts_said.said.emplace(key, *value).second)
      throw Error(Exit::usage, fmt::format("--set says {} twice", key), "keep one of them");
    facts_said.by_the_user.insert(key);
    return;
  }
  throw Error(Exit::usage, fmt::format("--set {} is not KEY=VALUE", in_quotes(text)),
              spelling_hint(key, known, "the keys"));
}

} // namespace proofmark::networks
