// What the generator throws when it cannot go on: one line for the user, a hint, and the exit code.
// command_line.cpp is the only place that catches it.
#pragma once

#include <stdexcept>
#include <string>

namespace proofmark {

enum class Exit : int {
  success = 0,
  not_verified = 1, // the verifier did not confirm a certificate
  usage = 64,       // an option or argument is wrong
  data = 65,        // a file was read, but what it holds cannot be used
  io = 66,          // a file cannot be read or written
  internal = 70,    // our own failure
  interrupted = 130,
};

struct Error : std::runtime_error {
  Error(Exit exit, const std::string& message, std::string hint = {})
      : std::runtime_error(message), exit(exit), hint(std::move(hint)) {}
  Exit exit;
  std::string hint; // printed on its own line after "hint: "; may be empty
};

} // namespace proofmark
