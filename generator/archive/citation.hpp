// CITATION.cff of an archive (Citation File Format 1.2.0).
#pragma once

#include "archive/description.hpp"

#include <string>

namespace proofmark {

// The format wants an author: without one, "anonymous".
std::string citation(const Description&);

} // namespace proofmark
