// The command line of proofmark-verify.
#pragma once

#include "check.hpp"

#include <optional>
#include <string>
#include <vector>

namespace verifier {

enum class Mode { verify, explain, trust, help, version };

struct CommandLine {
  Mode mode = Mode::verify;
  std::string certificate; // a path, or "-"
  std::optional<std::string> claim, weights, receipt;
  Engine engine = Engine::exact;
  unsigned threads = 1;
  bool quiet = false, verbose = false, progress = false;
};

// Fails with usage, with a hint.
CommandLine parse_command_line(const std::vector<std::string>& arguments);

std::string usage();

} // namespace verifier
