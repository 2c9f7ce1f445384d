#include "progress.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <unistd.h>

namespace proofmark {

Progress::Progress(std::string what) : what_(std::move(what)) {}

Progress::~Progress() {
  if (shown_)
    fmt::print(stderr, "\r\x1b[K");
}

void Progress::operator()(double fraction) {
  const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  if (elapsed < 1 || !isatty(STDERR_FILENO))
    return;
  std::string left;
  if (fraction > 0.01)
    left = fmt::format(", {:.0f} s left", elapsed * (1 - fraction) / fraction);
  fmt::print(stderr, "\r\x1b[K{}: {:.0f} %{}", what_, 100 * fraction, left);
  std::fflush(stderr);
  shown_ = true;
}

} // namespace proofmark
