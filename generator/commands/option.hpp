// An option of a command, one row of its table. Parsing and --help are made of it, and from --help the man page and the
// completions (manual/).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace proofmark {

struct Option {
  std::string names;   // "--licence, --license"; none of an argument that is known by its place
  std::string value;   // as --help calls it, FILE and DIR are completed; with "..." it may be repeated; of a flag empty
  std::string summary; // for --help
  std::function<void(const std::string& value)> take; // throws Error (usage)
  std::string values = {}; // "1 to 64", "one of symmetry, convexity"; empty where the summary says enough
  std::string preset = {};
  bool required = false;
  std::string formerly = {};   // the name that it had
  std::string if_missing = {}; // the hint where it is required and missing; empty: --help

  bool is_repeatable() const { return value.ends_with("..."); }
  std::string name() const {
    return names.empty() ? value.substr(0, value.find('.')) : names.substr(0, names.find(','));
  }
};

// Each of these stores what it takes in `into`, which must outlive the option.

Option flag(const std::string& name, bool& into, const std::string& summary);
Option text(const std::string& names, const std::string& value, std::string& into, const std::string& summary);
Option threads(unsigned& into, const std::string& summary);
Option real(const std::string& name, double& into, bool zero_allowed, const std::string& summary);

template <class Text> // a string or a path
Option texts(const std::string& names, const std::string& value, std::vector<Text>& into, const std::string& summary) {
  return {names, value + "...", summary, [&into](const std::string& text) { into.emplace_back(text); }};
}

Option whole_number(const std::string& name, const std::string& value, std::uint64_t from, std::uint64_t to,
                    const std::string& summary, const std::function<void(std::uint64_t)>& take);

template <class Number> // 0 where the user need not say, or an optional
Option number(const std::string& name, const std::string& value, Number& into, std::uint64_t from, std::uint64_t to,
              const std::string& summary) {
  Option option =
      whole_number(name, value, from, to, summary, [&into](std::uint64_t n) { into = static_cast<Number>(n); });
  if constexpr (std::is_integral_v<Number>)
    if (into != 0) option.preset = std::to_string(into);
  return option;
}

struct Words {
  std::string kind, kinds; // what they are called in messages
  std::vector<std::string> all;
};

// Another word is an Error (usage), with the word that may have been meant or all there are.
Option word(const std::string& name, std::string& into, const Words&, const std::string& summary);

// Words between commas; `known` is empty where any word will do.
Option words(const std::string& name, std::vector<std::string>& into, const Words& known, const std::string& summary);

inline Option required(Option option, const std::string& if_missing = {}) {
  option.required = true;
  option.if_missing = if_missing;
  return option;
}

inline Option formerly(const std::string& name, Option option) {
  option.formerly = name;
  return option;
}

} // namespace proofmark
