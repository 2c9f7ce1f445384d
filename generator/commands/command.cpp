#include "commands/commands.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace proofmark {

namespace {

std::string called(const Command& command) {
  return command.name.empty() ? "proofmark" : "proofmark " + command.name;
}

std::string see_help(const Command& command) {
  return fmt::format("see '{} --help'", called(command));
}

std::vector<std::string> names(const Option& option) {
  std::vector<std::string> result;
  std::istringstream list(option.names);
  for (std::string name; std::getline(list >> std::ws, name, ',');) result.push_back(name);
  return result;
}

const Option& named(const Command& command, const std::string& name) {
  std::vector<std::string> known = {"--help"};
  for (const Option& option : command.options) {
    const std::vector<std::string> own = names(option);
    if (std::count(own.begin(), own.end(), name)) return option;
    known.insert(known.end(), own.begin(), own.end());
  }
  std::string hint = see_help(command);
  if (const std::string near = nearest_name(name, known); !near.empty())
    hint = fmt::format("did you mean '{}'? {}", near, hint);
  for (const Option& option : command.options)
    if (option.formerly == name) hint = fmt::format("{} is now {}", name, option.name());
  throw Error(Exit::usage, "there is no option " + in_quotes(name), hint);
}

// Title and summary, which begins at one column for all.
std::string entry(const std::string& title, const std::string& summary) {
  constexpr std::size_t column = 24, width = 110;
  std::string text, line = "  " + title;
  if (line.size() + 2 > column) {
    text = line + "\n";
    line.clear();
  }
  line.resize(column, ' ');
  std::istringstream words(summary);
  for (std::string word; words >> word; line += word) {
    if (line.size() > column && line.size() + 1 + word.size() > width) {
      text += line + "\n";
      line.assign(column, ' ');
    }
    if (line.size() > column) line += ' ';
  }
  return text + line + "\n";
}

std::string title(const Option& option) {
  return option.names + (option.names.empty() || option.value.empty() ? "" : " ") + option.value;
}

std::string entry(const Option& option) {
  std::string summary = option.summary;
  if (!option.values.empty()) summary += "; " + option.values;
  if (!option.preset.empty()) summary += "; default " + option.preset;
  if (option.required && !option.names.empty()) summary += "; required";
  return entry(title(option), summary);
}

std::string usage(const Command& command) {
  std::string text = "usage: " + called(command);
  for (const Option& argument : command.arguments)
    text += fmt::format(fmt::runtime(argument.required ? " {}" : " [{}]"), argument.value);
  for (const Option& option : command.options)
    if (option.required) text.append(" ").append(title(option));
  return text + (command.name.empty() ? " COMMAND [options]\n" : " [options]\n");
}

} // namespace

std::optional<Given> parse(const Command& command, std::span<const std::string> words) {
  Given given;
  const auto is_given = [&](const Option& option) { return std::count(given.begin(), given.end(), option.name()) > 0; };
  const auto take = [&](const Option& option, const std::string& value) {
    try {
      option.take(value);
    } catch (const Error& error) {
      throw Error(error.exit, error.what(), error.hint.empty() ? see_help(command) : error.hint);
    }
    given.push_back(option.name());
  };
  auto argument = command.arguments.begin();
  bool only_arguments = false; // after "--"
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (only_arguments || *word == "-" || !word->starts_with('-')) {
      if (argument == command.arguments.end())
        throw Error(Exit::usage, "there is no place for " + in_quotes(*word), see_help(command));
      take(*argument, *word);
      if (!argument->is_repeatable()) ++argument;
      continue;
    }
    if (*word == "--") {
      only_arguments = true;
      continue;
    }
    const std::size_t equals = word->find('=');
    const std::string name = word->substr(0, equals);
    if (name == "--help" || name == "-h") return std::nullopt;
    const Option& option = named(command, name);
    if (option.value.empty()) {
      if (equals != std::string::npos)
        throw Error(Exit::usage, name + " takes no value, found " + in_quotes(word->substr(equals + 1)),
                    see_help(command));
      take(option, "");
    } else {
      const bool follows = equals == std::string::npos;
      if (follows && (word + 1 == words.end() || (word + 1)->starts_with("--")))
        throw Error(Exit::usage, fmt::format("{}: {} is missing", name, option.value), see_help(command));
      if (is_given(option) && !option.is_repeatable())
        throw Error(Exit::usage, option.name() + " is given twice", "keep one of them");
      take(option, follows ? *++word : word->substr(equals + 1));
    }
  }
  for (const auto* options : {&command.arguments, &command.options})
    for (const Option& option : *options)
      if (option.required && !is_given(option))
        throw Error(Exit::usage, option.name() + " is required",
                    option.if_missing.empty() ? see_help(command) : option.if_missing);
  return given;
}

std::string help(const Command& command, std::span<const Command> commands) {
  std::string text = usage(command) + "\n" + command.summary + "\n";
  if (!commands.empty()) text += "\ncommands:\n";
  for (const Command& other : commands) text += entry(other.name, other.summary);
  if (!command.arguments.empty()) text += "\narguments:\n";
  for (const Option& argument : command.arguments) text += entry(argument);
  text += "\noptions:\n";
  for (const Option& option : command.options) text += entry(option);
  return text + entry("-h, --help", "this text") + "\n" + command.notes;
}

} // namespace proofmark
