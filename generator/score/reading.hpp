// score.json, read again.
#pragma once

#include "score/scores.hpp"

namespace proofmark {

// As it stands there: nobody has checked it. Of operations there is the sum alone. Throws Error (io, data).
Scores read_scores(const std::filesystem::path&);

} // namespace proofmark
