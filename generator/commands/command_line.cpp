#include "commands/command_line.hpp"

#include "commands/commands.hpp"
#include "commands/versions.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/messages.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <span>
#include <string>
#include <vector>

namespace proofmark {

namespace {

int report(Exit exit, const std::string& message, const std::string& hint) {
  say("proofmark: error: " + printable(message, message.npos));
  if (!hint.empty()) say("hint: " + printable(hint, hint.npos));
  return static_cast<int>(exit);
}

Command program() {
  return {.name = "",
          .summary = "Proof certificates of neural-network performance.",
          .arguments = {},
          .options = {{"--version", "", "of the program and its libraries", {}}},
          .notes = R"(examples:
  proofmark train --output model.safetensors
  proofmark prove model.safetensors --context 2 --strategy symmetry --output proof.json
  proofmark-verify proof.json
  proofmark score model.safetensors explanation.json
  proofmark frontier model.safetensors --context 2 --output frontier
  proofmark report frontier --output report.html
  proofmark archive proof.json --output archive

exit codes:
  0    done
  1    a certificate was not verified (score, frontier, report, archive)
  64   an option or argument is wrong
  65   a file was read, but what it holds cannot be used
  66   a file or program cannot be read, written or run
  70   a failure of proofmark itself, such as memory running out
  130  interrupted by a signal; every output file is complete or as it was before

environment:
  NO_COLOR  when set and not empty, no colour

docs/command-line.md has more: standard input and output, JSON, completion.
)",
          .run = {}};
}

void run(std::span<const std::string> words) {
  const Command own = program();
  const std::vector<Command> commands = {train_command(),  round_command(),  describe_command(), evaluate_command(),
                                         task_command(),   prove_command(),  score_command(),    frontier_command(),
                                         report_command(), archive_command()};
  const std::string see = "see 'proofmark --help'";
  if (words.empty()) throw Error(Exit::usage, "a command is missing", see);
  const std::string& name = words.front();
  if (name == "--version") return print(versions() + "\n");
  if (name.starts_with('-')) {
    parse(own, words.subspan(0, 1));
    return print(help(own, commands));
  }
  const auto command =
      std::find_if(commands.begin(), commands.end(), [&](const Command& other) { return other.name == name; });
  if (command == commands.end()) {
    std::vector<std::string> known;
    for (const Command& other : commands) known.push_back(other.name);
    const std::string near = nearest_name(name, known);
    throw Error(Exit::usage, "there is no command " + in_quotes(name),
                name == "verify" ? "the verifier is a program of its own: 'proofmark-verify CERT'"
                : near.empty()   ? see
                                 : fmt::format("did you mean '{}'? {}", near, see));
  }
  if (const auto given = parse(*command, words.subspan(1)))
    command->run(*given);
  else
    print(help(*command));
}

} // namespace

int run_command_line(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    run(words);
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
