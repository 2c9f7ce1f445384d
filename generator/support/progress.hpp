// A line on standard error that says how far a long piece of work is and how much time it may need; only on a
// terminal, and only when the work takes longer than a second.
#pragma once

#include <chrono>
#include <string>

namespace proofmark {

class Progress {
public:
  explicit Progress(std::string what);
  ~Progress(); // clears the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // fraction from 0 to 1; the note, when there is one, stands behind it. Costs nothing when called too often.
  void operator()(double fraction, const std::string& note = {});

  // A line of its own on standard error, terminal or not; the line of progress gives way to it.
  void say(const std::string& line);

private:
  using Clock = std::chrono::steady_clock;

  std::string what_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point begin_, next_;
};

} // namespace proofmark
