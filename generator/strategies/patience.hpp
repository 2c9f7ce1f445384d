// How long work may take. Whoever is about to begin says how long it is likely to take, and is stopped by an exception
// or heard by the user.
#pragma once

#include <functional>
#include <string>

namespace proofmark {

std::string in_time(double seconds); // "40 seconds", "12 minutes", "5 days"

struct Patience {
  double seconds;                            // infinite with --force
  std::function<void(double)> announce = {}; // told of work that takes longer than ten seconds, before it begins

  // Throws Error (usage) where the work is likely to take longer.
  void begin(double expected_seconds) const;
};

constexpr double usual_patience_s = 30 * 60;

} // namespace proofmark
