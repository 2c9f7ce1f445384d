// A line on standard error that says how far a long piece of work is and how much time it may need; only on a
// terminal.
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

  void operator()(double fraction); // 0 to 1

private:
  std::string what_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  bool shown_ = false;
};

} // namespace proofmark
