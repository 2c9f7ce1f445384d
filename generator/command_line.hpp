// Runs the command line: parses it, runs the command it names, and turns whatever goes wrong into a message
// and an exit code.
#pragma once

#include <CLI/CLI.hpp>

namespace proofmark {

int run_command_line(CLI::App&, int argc, char** argv);

} // namespace proofmark
