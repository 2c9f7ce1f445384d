#include "answers/progress.hpp"

#include <algorithm>
#include <cstdio>

namespace verifier {

void Progress::show(std::uint64_t done, std::uint64_t total) {
  const auto now = Clock::now();
  if (total == 0 || done == 0 || now - shown_ < std::chrono::milliseconds(200)) return;
  shown_ = now;
  visible_ = true;
  const std::uint64_t unit = total / 1'000'000 + 1; // so that the products below fit
  const std::uint64_t all = total / unit, part = std::clamp(done / unit, std::uint64_t{1}, all);
  const auto elapsed =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now - start_).count());
  const std::uint64_t percent = part * 100 / all, left = elapsed * (all - part) / part;
  std::fprintf(stderr, "\rverifying: %3llu %%, about %llu s left   ", static_cast<unsigned long long>(percent),
               static_cast<unsigned long long>(left / 1000 + 1));
  std::fflush(stderr);
}

Progress::~Progress() {
  if (visible_) std::fprintf(stderr, "\r%48s\r", "");
}

} // namespace verifier
