// Misspelt names and what may have been meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace proofmark {

// The candidate that is closest to the word, at most 3 letters away and no more than half of them; empty when
// none is.
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);

} // namespace proofmark
