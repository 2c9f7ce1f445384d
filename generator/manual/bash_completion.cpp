#include "manual/description.hpp"

#include "support/spelling.hpp"

#include <fmt/format.h>

namespace manual {

using proofmark::joined;

namespace {

std::string option_names(const Command& command) {
  std::vector<std::string> names;
  for (const Option& option : command.options) names.insert(names.end(), option.names.begin(), option.names.end());
  return joined(names, " ");
}

std::string reply(const Option& option) {
  switch (option.value) {
  case Value::word:
    return fmt::format("{} \"{}\"", option.list ? "_proofmark_list" : "_proofmark_words", joined(option.choices, " "));
  case Value::file:
    return "_proofmark_files -f";
  case Value::folder:
    return "_proofmark_files -d";
  default:
    return ""; // nothing that could be offered
  }
}

} // namespace

std::string bash_completion(const std::vector<Command>& commands) {
  std::vector<std::string> names;
  std::string values, options;
  for (const Command& command : commands) {
    if (!command.name.empty()) names.push_back(command.name);
    for (const Option& option : command.options)
      if (option.value != Value::none)
        values +=
            fmt::format("  {}:{}) {}return ;;\n", command.name, joined(option.names, fmt::format("|{}:", command.name)),
                        reply(option).empty() ? "" : reply(option) + "; ");
    options += fmt::format("    \"{}\") _proofmark_words \"{}\" ;;\n", command.name, option_names(command));
  }
  std::string arguments;
  for (const Command& command : commands)
    if (!command.arguments.empty())
      arguments += fmt::format("  {}) {} ;;\n", command.name, reply(command.arguments.front()));
  return R"(# bash completion of proofmark. Made by generator/manual from the program's own options: do not edit.

_proofmark_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

# Words after the last comma.
_proofmark_list() {
  local before=
  [[ $current == *,* ]] && before=${current%,*},
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${current##*,}")
}

_proofmark_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
}

_proofmark() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= word
  COMPREPLY=()
  # --option=value comes as three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
)" + fmt::format("    {}) command=$word && break ;;\n", joined(names, "|")) +
         R"(    esac
  done
  case $command:$previous in
)" + values +
         R"(  esac
  if [[ $current == -* ]]; then
    case $command in
)" + options +
         fmt::format("    esac\n    return\n  fi\n  case $command in\n  \"\") _proofmark_words \"{}\" ;;\n",
                     joined(names, " ")) +
         arguments + R"(  esac
}

complete -F _proofmark proofmark
)";
}

} // namespace manual
