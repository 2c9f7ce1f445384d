// What this program carries for archives: the verifier's source, and the pages that a reader of certificates needs
// (support/embed.py).
#pragma once

#include "support/embedded.hpp"

namespace proofmark {

const std::vector<EmbeddedFile>& embedded_files(); // in ascending order of their paths in the archive

} // namespace proofmark
