// What this program carries for archives: the verifier's source, the one library of it that is not in every
// distribution, and the pages that a reader of certificates needs. Written at build time by embed.py.
#pragma once

#include <string_view>
#include <vector>

namespace proofmark {

struct EmbeddedFile {
  std::string_view path; // in the archive: "verifier/check/check.cpp"
  std::string_view text; // UTF-8
};

const std::vector<EmbeddedFile>& embedded_files(); // in ascending order of path

} // namespace proofmark
