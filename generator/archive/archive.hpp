// The folder that goes beside a paper: certificates with all that a reader needs to check them in twenty years.
#pragma once

#include "archive/description.hpp"
#include "certificates/verification.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace proofmark {

struct ArchiveOptions {
  std::vector<std::filesystem::path> certificates; // at least one; their names differ
  std::filesystem::path model;                     // of all certificates; empty: made from each one's weights
  std::filesystem::path page;                      // that verifies in a browser; empty: the archive has none
  Description description;                         // with a title; with a date where `ro_crate` is set
  bool ro_crate = false;
  SeparateVerifier verifier; // of the version whose source this program carries
  unsigned threads = 1;
  std::function<void(double done, const std::string& note)> progress;
};

// Writes the folder, or nothing. The same certificates and description give the same bytes. Throws Error: not_verified
// when the verifier does not verify a certificate, data when the page is none of this version, usage when the destination is taken or two certificates have one
// name, and what else the parts throw.
void write_archive(const std::filesystem::path& output, const ArchiveOptions&);

} // namespace proofmark
