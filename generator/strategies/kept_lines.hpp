// What long work has found, kept on disk while it goes on, so that an interruption loses nothing.
//
// A text: a first line that says what it is of, and a line for each piece of work, in any order, with a digest, so that a line that
// was cut off is no line.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace proofmark {

class KeptLines {
public:
  using Clock = std::chrono::steady_clock;

  // Takes up what the file at `path` has, if its first line is `of`: printable, without line breaks. A file of something
  // else is neither written nor removed, and nothing is then kept on disk. Nothing is written before `patience` has passed,
  // since short work needs no file. The file is locked: Error (io) when another run has it.
  KeptLines(std::filesystem::path path, std::string of, Clock::duration patience = std::chrono::seconds(2));
  ~KeptLines();
  KeptLines(const KeptLines&) = delete;
  KeptLines& operator=(const KeptLines&) = delete;

  std::size_t taken_up() const { return taken_up_; }        // lines
  bool is_of_something_else() const { return is_foreign_; } // the file that is there
  void remove();                                            // the file, because what it is for is complete

  // What was found for a piece of work, in printable words without line breaks.
  std::optional<std::string> words(std::uint64_t work) const;
  void keep(std::uint64_t work, const std::string& words); // throws Error (io)

private:
  void require_alone(bool);
  void write(std::string_view text);
  void close();
  std::string line(std::uint64_t work, const std::string& words) const;
  std::optional<std::pair<std::uint64_t, std::string>> read(const std::string& line) const;

  std::filesystem::path path_;
  std::string of_;
  Clock::time_point start_writing_;
  std::map<std::uint64_t, std::string> known_;
  std::size_t taken_up_ = 0;
  bool is_foreign_ = false;
  int file_ = -1;
  mutable std::mutex mutex_; // threads ask and keep
};

} // namespace proofmark
