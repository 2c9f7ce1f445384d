// What a run leaves behind: the receipt (schema/FORMAT.md, section 11), and the lines on standard output.
// Neither holds a time, a host or a number of threads, so two honest runs give the same bytes.
#pragma once

#include "parts/part.hpp"
#include "reading/reason.hpp"

#include <optional>
#include <string>

namespace verifier {

// As far as a run got.
struct Run {
  Verdict verdict = Verdict::error; // becomes "verified" in one place only: main.cpp, after check() returned
  std::optional<Failure> failure;
  std::string certificate_sha256;               // empty if the file could not be read
  std::optional<Outline> outline;               // if the certificate is well formed
  std::optional<mpz_class> tutorial_operations; // of the certificate, when it was read
  std::optional<Result> result;                 // if it was verified
  Engine engine = Engine::exact;
  std::optional<Part> part;              // if one part was checked
  std::size_t resumed = 0;               // steps of the part that an earlier run had checked
  std::vector<std::string> parts_sha256; // if parts were joined
};

std::string receipt(const Run&);

// The verdict line, then the lines that start with "c". `utf8`: for a terminal that takes it.
std::string summary(const Run&, bool verbose, bool utf8);

} // namespace verifier
