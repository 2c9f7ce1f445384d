// SHA256SUMS: the digest of every other file of a folder, as sha256sum writes it and checks it.
#pragma once

#include "archive/staged_folder.hpp"

#include <string>

namespace proofmark {

inline constexpr const char* checksums_file = "SHA256SUMS";

// Writes SHA256SUMS into the folder ("" or a path that ends with '/') for all files below it. Throws Error (io).
void write_checksums(StagedFolder&, const std::string& folder);

} // namespace proofmark
