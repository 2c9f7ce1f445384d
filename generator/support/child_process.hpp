// Another program, run to its end: no shell, its output in memory; an interrupt ends both, and it ends when this program
// is killed.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace proofmark {

struct ChildResult {
  int exit = -1;              // of a program that ended by itself
  int signal = 0;             // what ended it otherwise
  std::string output, errors; // its standard streams
};

// Standard input is empty. `waiting`, when given, is called several times a second until the program ends, with what
// has come on standard error so far. Throws Error (io) when the program cannot be started, Error (interrupted) when the
// user has asked to stop; then the child has been ended, too. For the main thread: the child ends with the thread.
ChildResult run_program(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                        const std::function<void(const std::string& errors)>& waiting = {});

} // namespace proofmark
