#include "commands/option.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <sstream>
#include <utility>

namespace proofmark {

namespace {

// All of a text as a number.
template <class Number>
std::optional<Number> number_in(const std::string& text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

void require_word(const Words& known, const std::string& word) {
  if (!std::count(known.all.begin(), known.all.end(), word))
    throw Error(Exit::usage, fmt::format("there is no {} {}", known.kind, in_quotes(word)),
                spelling_hint(word, known.all, known.kinds));
}

} // namespace

Option flag(const std::string& name, bool& into, const std::string& summary) {
  return {name, "", summary, [&into](const std::string&) { into = true; }};
}

Option text(const std::string& names, const std::string& value, std::string& into, const std::string& summary) {
  const auto take = [&into, what = names.empty() ? value : names](const std::string& text) {
    if (text.empty()) // as a shell's variable that is not set: never as if the option were absent
      throw Error(Exit::usage, fmt::format("{} is empty", what), "leave it out, or give it a value");
    into = text;
  };
  return {.names = names, .value = value, .summary = summary, .take = take, .preset = into};
}

Option whole_number(const std::string& name, const std::string& value, std::uint64_t from, std::uint64_t to,
                    const std::string& summary, const std::function<void(std::uint64_t)>& take) {
  const auto checked = [=](const std::string& text) {
    const auto number = number_in<std::uint64_t>(text);
    if (!number || *number < from || *number > to)
      throw Error(Exit::usage,
                  fmt::format("{}: expected a whole number from {} to {}, found {}", name, from, to, in_quotes(text)));
    take(*number);
  };
  return {name, value, summary, checked, fmt::format("{} to {}", from, to)};
}

Option threads(unsigned& into, const std::string& summary) {
  return whole_number("--threads", "N", 1, 256, summary, [&into](std::uint64_t n) { into = static_cast<unsigned>(n); });
}

Option real(const std::string& name, double& into, bool zero_allowed, const std::string& summary) {
  const auto take = [=, &into](const std::string& text) {
    const auto number = number_in<double>(text);
    if (!number || !std::isfinite(*number) || *number < 0 || (*number == 0 && !zero_allowed))
      throw Error(Exit::usage, fmt::format("{}: expected a finite number {}, found {}", name,
                                           zero_allowed ? "from 0" : "above 0", in_quotes(text)));
    into = *number;
  };
  return {name, "X", summary, take, zero_allowed ? "from 0" : "above 0", fmt::format("{}", into)};
}

Option word(const std::string& name, std::string& into, const Words& known, const std::string& summary) {
  const auto take = [known, &into](const std::string& text) {
    require_word(known, text);
    into = text;
  };
  return {name, "NAME", summary, take, "one of " + joined(known.all, ", "), into};
}

Option words(const std::string& name, std::vector<std::string>& into, const Words& known, const std::string& summary) {
  const auto take = [known, &into, is_preset = true](const std::string& text) mutable {
    if (std::exchange(is_preset, false)) into.clear();
    std::istringstream list(text);
    for (std::string word; std::getline(list, word, ',');) {
      if (!known.all.empty()) require_word(known, word);
      into.push_back(word);
    }
  };
  return {name,
          "NAME,...",
          summary,
          take,
          known.all.empty() ? "" : "some of " + joined(known.all, ", "),
          joined(into, ",")};
}

} // namespace proofmark
