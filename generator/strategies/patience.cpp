#include "strategies/patience.hpp"

#include "support/error.hpp"

#include <fmt/format.h>

namespace proofmark {

std::string in_time(double seconds) {
  if (seconds < 1.5) return "1 second";
  if (seconds < 100) return fmt::format("{:.0f} seconds", seconds);
  if (seconds < 2 * 3600) return fmt::format("{:.0f} minutes", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{:.0f} hours", seconds / 3600);
  return fmt::format("{:.0f} days", seconds / 86400);
}

void Patience::begin(double expected_seconds) const {
  constexpr double worth_saying = 10;
  if (expected_seconds > seconds)
    throw Error(Exit::usage, fmt::format("this proof would take about {}", in_time(expected_seconds)),
                "--force starts it all the same; a smaller --context or vocabulary is faster");
  if (announce && expected_seconds > worth_saying) announce(expected_seconds);
}

} // namespace proofmark
