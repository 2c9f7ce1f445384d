// What a long proof has found by label, kept on disk while it goes on, so that an interruption loses nothing.
//
// A ledger is a text: a first line that says what it is of, and a line for each label, in any order, with a digest, so that
// a line that was cut off is no line. Numbers are exact: a proof that was taken up has the bytes of one that was not.
#pragma once

#include "strategies/label_sum.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace proofmark {

class Ledger {
public:
  using Clock = std::chrono::steady_clock;

  // Takes up what the file at `path` has, if its first line is `of`: printable, without line breaks. A file of something
  // else is neither written nor removed, and this ledger then keeps nothing on disk. Nothing is written before `patience`
  // has passed, since a short proof needs no ledger. The file is locked: Error (io) when another run has it.
  Ledger(std::filesystem::path path, std::string of, Clock::duration patience = std::chrono::seconds(2));
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  std::size_t taken_up() const { return taken_up_; }        // labels
  bool is_of_something_else() const { return is_foreign_; } // the file that is there
  std::optional<LabelSum> find(std::uint64_t label) const;
  void add(std::uint64_t label, const LabelSum&); // throws Error (io)
  void remove();                                  // the file, because what it is for is complete

private:
  void require_alone(bool);
  void write(std::string_view text);
  void close();
  std::string line(std::uint64_t label, const LabelSum&) const;
  std::optional<std::pair<std::uint64_t, LabelSum>> read(const std::string& line) const;

  std::filesystem::path path_;
  std::string of_;
  Clock::time_point start_writing_;
  std::map<std::uint64_t, LabelSum> known_;
  std::size_t taken_up_ = 0;
  bool is_foreign_ = false;
  int file_ = -1;
  mutable std::mutex mutex_; // threads add and find
};

} // namespace proofmark
