#include "support/progress.hpp"

#include "support/in_quotes.hpp"
#include "support/messages.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <unistd.h>

namespace proofmark {

Progress::Progress(std::string what)
    : what_(std::move(what)), terminal_(is_able_terminal(STDERR_FILENO)), begin_(Clock::now()),
      next_(begin_ + std::chrono::seconds(1)) {}

Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::operator()(double fraction, const std::string& note) {
  if (!terminal_ || Clock::now() < next_) return;
  next_ = Clock::now() + std::chrono::milliseconds(100);
  shown_ = true;
  const double elapsed = std::chrono::duration<double>(Clock::now() - begin_).count();
  std::string line = fmt::format("{}: {:.0f} %", what_, 100 * fraction);
  if (!note.empty()) line += ", " + note;
  if (fraction > 0.01) line += fmt::format(", {:.0f} s left", elapsed * (1 - fraction) / fraction);
  fmt::print(stderr, "\r\x1b[K{}", printable(line, line.npos));
  std::fflush(stderr);
}

void Progress::say(const std::string& line) {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
  shown_ = false;
  proofmark::say(line);
}

} // namespace proofmark
