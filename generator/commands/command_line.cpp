#include "commands/command_line.hpp"

#include "commands/commands.hpp"
#include "commands/versions.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/messages.hpp"
#include "support/spelling.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <sstream>
#include <string>
#include <vector>

namespace proofmark {

namespace {

int report(Exit exit, const std::string& message, const std::string& hint) {
  say("proofmark: error: " + printable(message, message.npos));
  if (!hint.empty()) say("hint: " + printable(hint, hint.npos));
  return static_cast<int>(exit);
}

// The command that was chosen, or the program itself.
const CLI::App& chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : *commands.front();
}

// The first word that is neither a command nor an option; empty when all are.
std::string unknown_word(const CLI::App& app, const std::vector<std::string>& known, int argc, char** argv) {
  const CLI::App& command = chosen(app);
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::string word = argument.substr(0, argument.find('='));
    const bool is_option = word.starts_with("--") && word != "--";
    if ((is_option || (&command == &app && i == 1)) && !std::count(known.begin(), known.end(), word)) return word;
  }
  return {};
}

std::vector<std::string> known_words(const CLI::App& app) {
  std::vector<std::string> known;
  const CLI::App& command = chosen(app);
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  if (&command == &app)
    for (const CLI::App* other : app.get_subcommands([](const CLI::App*) { return true; }))
      known.push_back(other->get_name());
  return known;
}

int report(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const CLI::App& command = chosen(app);
  const std::string name = &command == &app ? "" : command.get_name() + " ";
  const std::string see = fmt::format("see 'proofmark {}--help'", name);
  const std::vector<std::string> known = known_words(app);
  const std::string word = unknown_word(app, known, argc, argv);
  // A misspelt option is also one that is missing: what is unknown says more.
  const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
  if (word.empty() || (code != CLI::ExitCodes::RequiredError && code != CLI::ExitCodes::ExtrasError))
    return report(Exit::usage, error.what(), see);
  const std::string near = nearest_name(word, known);
  if (word == "verify")
    return report(Exit::usage, "there is no command 'verify'",
                  "the verifier is a program of its own: 'proofmark-verify CERT'");
  return report(Exit::usage,
                fmt::format("there is no {} {}", word.starts_with("-") ? "option" : "command", in_quotes(word)),
                near.empty() ? see : fmt::format("did you mean '{}'? {}", near, see));
}

} // namespace

void describe_command_line(CLI::App& app) {
  app.name("proofmark");
  app.description("Proof certificates of neural-network performance.");
  app.set_version_flag("--version", [] { return versions(); });
  app.require_subcommand(1);
  app.footer("Examples:\n"
             "  proofmark train --output model.safetensors\n"
             "  proofmark prove model.safetensors --context 2 --strategy symmetry --output proof.json\n"
             "  proofmark-verify proof.json\n"
             "  proofmark frontier model.safetensors --context 2 --output frontier\n"
             "  proofmark report frontier --output report.html\n"
             "  proofmark archive proof.json --output archive\n"
             "\n"
             "Exit codes:\n"
             "  0    done\n"
             "  1    a certificate was not verified (frontier, report, archive)\n"
             "  64   an option or argument is wrong\n"
             "  65   a file was read, but what it holds cannot be used\n"
             "  66   a file or program cannot be read, written or run\n"
             "  70   a failure of proofmark itself, such as memory running out\n"
             "  130  interrupted by a signal; every output file is complete or as it was before\n"
             "\n"
             "Environment:\n"
             "  NO_COLOR  when set and not empty, no colour\n"
             "\n"
             "docs/command-line.md has more: standard input and output, JSON, completion.\n");
  add_train(app);
  add_prove(app);
  add_frontier(app);
  add_report(app);
  add_archive(app);
}

int run_command_line(int argc, char** argv) {
  CLI::App app;
  describe_command_line(app);
  try {
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success)) return report(app, error, argc, argv);
      std::ostringstream text; // --help or --version
      app.exit(error, text, text);
      print(text.str());
    }
    return static_cast<int>(Exit::success);
  } catch (const Error& error) {
    return report(error.exit, error.what(), error.hint);
  } catch (const std::bad_alloc&) {
    return report(Exit::internal, "there is not enough memory", "use a smaller vocabulary, width or batch");
  } catch (const std::filesystem::filesystem_error& error) {
    return report(Exit::io, error.what(), "");
  } catch (const std::exception& error) {
    return report(Exit::internal, error.what(),
                  "this is a mistake in proofmark; please report it with the command line you used");
  }
}

} // namespace proofmark
