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
// have every step, what was established of every step supports what it declares, within its budget, and what the steps declare
// implies the claims. Otherwise it fails with a Failure that names the file. That the established enclosures are true is not
// checked here: it rests on the machines that made the parts.
Joined join(const std::vector<PartFile>&, std::string_view key);

// The parts state the steps, claims and budgets of this certificate (part-mismatch), and its rules are for such steps.
void require_certificate(const Joined&, const Certificate&, const std::string& certificate_sha256);

} // namespace verifier
