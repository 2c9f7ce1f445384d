// The command line as data: what the man page and the completions are made from.
#pragma once

#include <string>
#include <vector>

namespace manual {

enum class Value {
  none,
  word,
  typed,
  file,
  folder
}; // what an option takes: one of its words, what only the user knows, ..

struct Option {
  std::vector<std::string> names; // "--output"; of an argument without a name none
  Value value = Value::none;
  std::string shown;                                       // its value as --help writes it: "N", "CERT"
  std::vector<std::string> choices;                        // Value::word
  std::string range, preset;                               // where there are such
  bool required = false, repeatable = false, list = false; // a list's items are separated by commas
  std::string summary;
};

struct Command {
  std::string name; // empty: the program itself
  std::string summary;
  std::vector<Option> options, arguments;
  std::string notes; // what --help says after the options
};

// The program itself first, then its commands, in the order of --help.
std::vector<Command> commands();

std::string man_page(const std::vector<Command>&);
std::string bash_completion(const std::vector<Command>&);
std::string zsh_completion(const std::vector<Command>&);

} // namespace manual
