// The conclusion of a proof whose parts were checked apart.
#pragma once

#include "parts/part.hpp"

#include <string>
#include <vector>

namespace verifier {

struct PartFile {
  std::string path, text;
};

struct Joined {
  std::string certificate_sha256;
  Outline outline;
  Result result;
  Engine engine;
  std::vector<std::string> parts_sha256; // of the files, in the order of the parts
};

// Returns if and only if the parts are of one check of one certificate, every part is there once, together they
// have every step, every step's established enclosure lies inside the declared one, the declared enclosures imply the
// claims, and the counts add up. Otherwise it fails with a Failure that names the file. That the established
// enclosures are true is not checked here: it rests on the machines that made the parts.
Joined join(const std::vector<PartFile>&, std::string_view key);

// The parts state the steps, claims and counts of this certificate, and its count of the tables is that of its rules;
// fails with part-mismatch or operations-mismatch.
void require_certificate(const Joined&, const Certificate&, const std::string& certificate_sha256);

} // namespace verifier
