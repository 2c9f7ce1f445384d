// Progress with time left, on standard error.
#pragma once

#include <chrono>
#include <cstdint>

namespace verifier {

class Progress {
public:
  void show(std::uint64_t done, std::uint64_t total);
  ~Progress(); // clears the line

private:
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point shown_ = start_;
  bool visible_ = false;
};

} // namespace verifier
