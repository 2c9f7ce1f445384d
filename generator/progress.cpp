#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace proofmark {

Progress::Progress(std::string unit, std::uint64_t total)
    : unit_(std::move(unit)), total_(total), terminal_(isatty(STDERR_FILENO) == 1), begin_(Clock::now()),
      last_(begin_) {}

Progress::~Progress() {
  if (shown_)
    std::fputs("\r\x1b[K", stderr);
}

void Progress::show(std::uint64_t done, const std::string& note) {
  const Clock::time_point now = Clock::now();
  if (!terminal_ || now - last_ < std::chrono::milliseconds(100))
    return;
  last_ = now;
  shown_ = true;
  const std::chrono::duration<double> elapsed = now - begin_;
  const double left = elapsed.count() / static_cast<double>(done) * static_cast<double>(total_ - done);
  fmt::print(stderr, "\r{} {}/{}  {}  {:.0f} s left\x1b[K", unit_, done, total_, note, left);
  std::fflush(stderr);
}

} // namespace proofmark
