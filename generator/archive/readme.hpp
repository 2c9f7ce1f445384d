// README.md of an archive: what is claimed in the verifier's words, and the commands that check it.
#pragma once

#include "archive/archived_proof.hpp"
#include "archive/description.hpp"

#include <string>
#include <vector>

namespace proofmark {

inline constexpr const char* page_file = "verify.html"; // that verifies in a browser

// Whether the page and RO-Crate are there, too.
std::string readme(const Description&, const std::vector<ArchivedProof>&, bool page, bool ro_crate);

} // namespace proofmark
