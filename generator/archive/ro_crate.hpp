// ro-crate-metadata.json: an archive described for machines (RO-Crate 1.1, JSON-LD).
#pragma once

#include "archive/archived_proof.hpp"
#include "archive/description.hpp"

#include <string>
#include <vector>

namespace proofmark {

inline constexpr const char* ro_crate_file = "ro-crate-metadata.json";

// Of all files that are in the folder, with sizes and digests. The description needs a date. Throws Error (io).
std::string ro_crate(const StagedFolder&, const Description&, const std::vector<ArchivedProof>&);

} // namespace proofmark
