// One line on a terminal that tells how far a long piece of work has come. Silent when standard error is not
// a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace proofmark {

class Progress {
public:
  Progress(std::string unit, std::uint64_t total); // "step", 410
  ~Progress();                                     // wipes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // At most ten times a second; `note` stands between the count and the time left.
  void show(std::uint64_t done, const std::string& note);

private:
  using Clock = std::chrono::steady_clock;

  std::string unit_;
  std::uint64_t total_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point begin_, last_;
};

} // namespace proofmark
