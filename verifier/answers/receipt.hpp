// What a run leaves behind: the receipt (schema/FORMAT.md, section 11), and the lines on standard output.
// Neither holds a time, a host or a number of threads, so two honest runs give the same bytes.
#pragma once

#include "judge.hpp"
#include "parts/part.hpp"

#include <optional>
#include <string>
#include <vector>

namespace verifier {

// A judgement as far as a run got, and how it came about.
struct Run : Judgement {
  Engine engine = Engine::fast;
  std::optional<Part> part;              // if one part was checked
  std::size_t resumed = 0;               // steps of the part that an earlier run had checked
  std::vector<std::string> parts_sha256; // if parts were joined
};

std::string receipt(const Run&);

// The verdict line, then the lines that start with "c". `utf8`: for a terminal that takes it.
std::string summary(const Run&, bool verbose, bool utf8);

} // namespace verifier
