// README.md of an archive: what is claimed in the verifier's words, and the commands that check it.
#pragma once

#include "archive/archived_proof.hpp"
#include "archive/description.hpp"

#include <string>
#include <vector>

namespace proofmark {

std::string readme(const Description&, const std::vector<ArchivedProof>&, bool ro_crate); // ro_crate: it is there, too

} // namespace proofmark
