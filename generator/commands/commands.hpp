// The commands of the program: each is a table of options and what runs with them. command.cpp parses and explains.
#pragma once

#include "commands/option.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace proofmark {

using Given = std::vector<std::string>; // options by Option::name()

struct Command {
  std::string name; // empty: the program itself
  std::string summary;
  std::vector<Option> arguments, options;
  std::string notes;                     // what --help says after the options
  std::function<void(const Given&)> run; // with what the options have taken
};

// Gives every word to an option of the command; nothing where one asks for help. Throws Error (usage).
std::optional<Given> parse(const Command&, std::span<const std::string> words);

// manual/make reads this, and says of what shape it is.
std::string help(const Command&, std::span<const Command> commands = {});

Command train_command();
Command round_command();
Command describe_command();
Command evaluate_command();
Command task_command();
Command prove_command();
Command frontier_command();
Command score_command();
Command report_command();
Command archive_command();

} // namespace proofmark
