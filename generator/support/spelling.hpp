// Misspelt names and what may have been meant.
#pragma once

#include "support/joined.hpp"

#include <span>
#include <string>
#include <string_view>

namespace proofmark {

// The candidate that is closest to the word, at most 3 letters away and no more than half of them; empty when
// none is.
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);

// A hint for the user whose word is none of these: the one that may have been meant, or all there are. `kinds` is what
// they are called.
std::string spelling_hint(std::string_view word, std::span<const std::string> known, std::string_view kinds);

} // namespace proofmark
