// The command line of proofmark-verify.
#pragma once

#include "check/check.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verifier {

enum class Mode { verify, part, join, explain, trust, help, version };

struct CommandLine {
  Mode mode = Mode::verify;
  std::string certificate;        // a path, or "-"; empty where none is needed
  std::vector<std::string> parts; // to join: paths
  std::uint64_t part_index = 0, part_of = 0;
  std::optional<std::string> claim, weights, receipt, key;
  Engine engine = Engine::fast;
  unsigned threads = 1;
  bool quiet = false, verbose = false, progress = false;
};

// Fails with usage, with a hint.
CommandLine parse_command_line(const std::vector<std::string>& arguments);

std::string usage();

} // namespace verifier
