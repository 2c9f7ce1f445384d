// What no tensor of a model shows, as far as somebody says it: the user, or a configuration of TransformerLens.
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark::networks {

// Each fact is JSON as a description has it; absent: a '?' in the draft.
struct Facts {
  std::map<std::string, nlohmann::ordered_json, std::less<>> said; // by "activation", "pool", ..
  std::set<std::string> by_the_user;                               // those of --set
  std::map<std::string, std::uint64_t> sizes;                      // "d_model", .. of a configuration
  std::vector<std::string> notes;                                  // what a configuration says and a draft cannot

  bool has(std::string_view key) const { return said.find(key) != said.end(); }
  nlohmann::ordered_json operator[](std::string_view key) const { // "?" where nobody says it
    const auto entry = said.find(key);
    return entry == said.end() ? nlohmann::ordered_json("?") : entry->second;
  }
};

std::optional<std::uint64_t> whole_number(const std::string&); // of digits alone

std::string fact_help(); // a key, its values and its meaning after another

// What answers '?' at these places of a description: "--set mask=causal|none --set ..".
std::string settings_for(const std::vector<std::string>& places);

// "activation=relu". Throws Error (usage).
void say_fact(Facts&, const std::string& text);

// A configuration as TransformerLens has it (HookedTransformerConfig.to_dict() as JSON): what is not said yet. Throws Error
// (io, data), also where it says something that no description can.
void read_configuration(Facts&, const std::filesystem::path&);

} // namespace proofmark::networks
