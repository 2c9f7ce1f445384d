#include "command_line.hpp"

#include "commands/commands.hpp"
#include "error.hpp"
#include "spelling.hpp"
#include "version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <string>
#include <vector>

namespace proofmark {

namespace {

int report(Exit exit, const std::string& message, const std::string& hint) {
  std::string text = "proofmark: error: " + message + "\n";
  if (!hint.empty()) text += "hint: " + hint + "\n";
  std::fputs(text.c_str(), stderr);
  return static_cast<int>(exit);
}

// The command that was chosen, or the program itself.
const CLI::App& chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : *commands.front();
}

// What the user may have meant by the first word that is neither a command nor an option; empty when nothing
// is close.
std::string suggestion(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> known;
  const CLI::App& command = chosen(app);
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  if (&command == &app)
    for (const CLI::App* other : app.get_subcommands([](const CLI::App*) { return true; }))
      known.push_back(other->get_name());

  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::string word = argument.substr(0, argument.find('='));
    const bool is_option = word.starts_with("--");
    if ((!is_option && (&command != &app || i > 1)) || std::count(known.begin(), known.end(), word)) continue;
    if (const std::string near = nearest_name(word, known); !near.empty())
      return fmt::format("did you mean '{}'? ", near);
  }
  return {};
}

std::string usage_hint(const CLI::App& app, int argc, char** argv) {
  const CLI::App& command = chosen(app);
  const std::string name = &command == &app ? "" : command.get_name() + " ";
  return fmt::format("{}see 'proofmark {}--help'", suggestion(app, argc, argv), name);
}

} // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app{"Proof certificates of neural-network performance."};
  app.name("proofmark");
  app.set_version_flag("--version", std::string("proofmark ") + version);
  app.require_subcommand(1);
  app.footer("Examples:\n"
             "  proofmark train --output model.safetensors\n"
             "  proofmark prove model.safetensors --context 2 --strategy symmetry --output proof.json\n"
             "  proofmark-verify proof.json\n"
             "  proofmark frontier model.safetensors --context 2 --output frontier\n"
             "  proofmark report frontier --output report.html\n");
  add_train(app);
  add_prove(app);
  add_frontier(app);
  add_report(app);
  try {
    app.parse(argc, argv);
    if (std::fflush(stdout) != 0)
      throw Error(Exit::io, std::string("cannot write to standard output: ") + std::strerror(errno));
    return static_cast<int>(Exit::success);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
      return app.exit(error); // --help or --version
    return report(Exit::usage, error.what(), usage_hint(app, argc, argv));
  } catch (const Error& error) {
    return report(error.exit, error.what(), error.hint);
  } catch (const std::bad_alloc&) {
    return report(Exit::internal, "there is not enough memory", "use a smaller vocabulary, width or batch");
  } catch (const std::exception& error) {
    return report(Exit::internal, error.what(),
                  "this is a mistake in proofmark; please report it with the command line you used");
  }
}

} // namespace proofmark
