// Runs the command line: finds the command, has its words parsed, runs it, and turns whatever goes wrong into a message
// and an exit code.
#pragma once

namespace proofmark {

int run_command_line(int argc, char** argv);

} // namespace proofmark
