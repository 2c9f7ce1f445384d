// Runs the command line: parses it, runs the command it names, and turns whatever goes wrong into a message
// and an exit code.
#pragma once

namespace proofmark {

int run_command_line(int argc, char** argv);

} // namespace proofmark
