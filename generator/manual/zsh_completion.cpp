#include "manual/description.hpp"

#include "support/spelling.hpp"

#include <fmt/format.h>

namespace manual {

namespace {

// Inside single quotes, and inside a specification of _arguments or _describe, where some characters mean something.
std::string quoted(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
    result += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return result;
}

std::string action(const Option& option) {
  const std::string words = proofmark::joined(option.choices, " ");
  switch (option.value) {
  case Value::word:
    return option.list ? fmt::format("_sequence compadd - {}", words) : fmt::format("({})", words);
  case Value::file:
    return "_files";
  case Value::folder:
    return "_files -/";
  default:
    return " "; // nothing that could be offered
  }
}

std::string specification(const Option& option) {
  const bool takes_value = option.value != Value::none;
  const std::string value = takes_value ? fmt::format(":{}:{}", quoted(option.shown), action(option)) : "";
  if (option.names.empty()) return fmt::format("'{}'", value);
  std::string result;
  for (const std::string& name : option.names) {
    const bool ends = name == "-h" || name == "--help" || name == "--version"; // nothing else makes sense beside it
    result += fmt::format("{}'{}{}{}[{}]{}'", result.empty() ? "" : " ",
                          ends                ? "(- *)"
                          : option.repeatable ? "*"
                                              : "",
                          name, takes_value ? "=" : "", quoted(option.summary), value);
  }
  return result;
}

std::string specifications(const Command& command, const char* indent) {
  std::string result;
  for (const auto* options : {&command.options, &command.arguments})
    for (const Option& option : *options) result += fmt::format(" \\\n{}{}", indent, specification(option));
  return result;
}

} // namespace

std::string zsh_completion(const std::vector<Command>& commands) {
  std::string names, cases;
  for (const Command& command : commands) {
    if (command.name.empty()) continue;
    names += fmt::format("      '{}:{}'\n", command.name, quoted(command.summary));
    cases += fmt::format("    {})\n      _arguments{} && status_=0\n      ;;\n", command.name,
                         specifications(command, "        "));
  }
  return "#compdef proofmark\n"
         "# zsh completion of proofmark. Made by generator/manual from the program's own options: do not edit.\n"
         "\n"
         "_proofmark() {\n"
         "  local curcontext=$curcontext state line status_=1\n"
         "  local -A opt_args\n"
         "  _arguments -C" +
         specifications(commands.front(), "    ") +
         " \\\n    '1:command:->command' \\\n    '*::argument:->argument' && status_=0\n"
         "  case $state in\n"
         "  command)\n"
         "    local -a commands=(\n" +
         names +
         "    )\n"
         "    _describe -t commands command commands && status_=0\n"
         "    ;;\n"
         "  argument)\n"
         "    case $line[1] in\n" +
         cases +
         "    esac\n"
         "    ;;\n"
         "  esac\n"
         "  return status_\n"
         "}\n"
         "\n"
         "_proofmark \"$@\"\n";
}

} // namespace manual
