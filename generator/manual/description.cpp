#include "manual/description.hpp"

#include "commands/command_line.hpp"
#include "commands/values.hpp"

#include <CLI/CLI.hpp>

#include <set>

namespace manual {

namespace {

// By the name that --help gives the value. What is not known to be something else is completed like a file, as a
// shell does by itself.
Value kind(const Option& option) {
  static const std::set<std::string> folders = {"DIR"},
                                     numbers = {"A..B", "B",     "F",       "G",
                                                "M",    "N",     "X",       "INT",
                                                "UINT", "FLOAT", "NAME,..", "[QUANTITY:DIRECTION:]DECIMAL"};
  if (!option.choices.empty()) return Value::word;
  if (folders.contains(option.shown)) return Value::folder;
  return numbers.contains(option.shown) ? Value::typed : Value::file;
}

// The descriptions of an option's checks, as CLI11 appends them to the name of its value.
std::string checks(CLI::Option& option) {
  std::string result;
  try {
    for (int i = 0;; ++i)
      if (const std::string text = option.get_validator(i)->get_description(); !text.empty()) result += ":" + text;
  } catch (const CLI::OptionNotFound&) { // after the last
  }
  return result;
}

Option described(CLI::Option& from) {
  Option option;
  for (const std::string& name : from.get_snames()) option.names.push_back("-" + name);
  for (const std::string& name : from.get_lnames()) option.names.push_back("--" + name);
  option.summary = from.get_description();
  option.required = from.get_required();
  if (from.get_items_expected_max() == 0) return option;
  const std::string type = from.get_type_name(), ranges = checks(from);
  option.shown = type.substr(0, type.size() - ranges.size());
  option.choices = proofmark::choices(from);
  if (option.choices.empty() && !ranges.empty()) option.range = ranges.substr(1);
  option.preset = from.get_default_str();
  option.value = kind(option);
  option.list = from.get_delimiter() != '\0';
  option.repeatable = from.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll || from.get_expected_max() > 1;
  return option;
}

Command described(const CLI::App& app, const std::string& name) {
  Command command{name, app.get_description(), {}, {}, app.get_footer()};
  for (const CLI::Option* option : app.get_options()) {
    Option found = described(*const_cast<CLI::Option*>(option)); // CLI11 reads checks through non-const members only
    (found.names.empty() ? command.arguments : command.options).push_back(found);
  }
  return command;
}

} // namespace

std::vector<Command> commands() {
  CLI::App app;
  proofmark::describe_command_line(app);
  std::vector<Command> result{described(app, "")};
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    result.push_back(described(*command, command->get_name()));
  return result;
}

} // namespace manual
