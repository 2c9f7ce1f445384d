// Runs the command line: parses it, runs the command it names, and turns whatever goes wrong into a message
// and an exit code.
#pragma once

namespace CLI {
class App;
}

namespace proofmark {

// Every command and option, for parsing and for what is made of them (manual/).
void describe_command_line(CLI::App&);

int run_command_line(int argc, char** argv);

} // namespace proofmark
