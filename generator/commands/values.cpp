#include "commands/values.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/spelling.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace proofmark {

namespace {

const char* const validator_name = "one of";

} // namespace

CLI::Validator one_of(const std::string& kind, const std::string& kinds, const std::vector<std::string>& words) {
  return CLI::Validator(
      [=](const std::string& word) {
        if (std::count(words.begin(), words.end(), word)) return std::string();
        throw Error(Exit::usage, fmt::format("there is no {} {}", kind, in_quotes(word)),
                    spelling_hint(word, words, kinds));
      },
      "{" + joined(words, ",") + "}", validator_name);
}

CLI::Validator whole_number(std::uint64_t from, std::uint64_t to) {
  return CLI::Validator(
      [=](const std::string& text) {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || number < from || number > to)
          return fmt::format("expected a whole number from {} to {}, found {}", from, to, in_quotes(text));
        return std::string();
      },
      fmt::format("{}..{}", from, to));
}

std::vector<std::string> choices(CLI::Option& option) {
  try {
    std::string list = option.get_validator(validator_name)->get_description();
    return CLI::detail::split(list.substr(1, list.size() - 2), ',');
  } catch (const CLI::OptionNotFound&) {
    return {};
  }
}

} // namespace proofmark
