#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace proofmark {

namespace {

// How many letters must be inserted, removed or replaced to turn a into b (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (const char letter : a) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (letter != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

} // namespace

std::string nearest_name(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  std::size_t least = std::min<std::size_t>(3, word.size() / 2) + 1;
  for (const std::string& candidate : candidates)
    if (const std::size_t distance = edit_distance(word, candidate); distance < least) {
      best = candidate;
      least = distance;
    }
  return best;
}

std::string spelling_hint(std::string_view word, std::span<const std::string> known, std::string_view kinds) {
  const std::string near = nearest_name(word, known);
  return near.empty() ? fmt::format("{} are: {}", kinds, joined(known, ", ")) : fmt::format("did you mean '{}'?", near);
}

} // namespace proofmark
