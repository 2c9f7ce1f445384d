#include "strategies/kept_lines.hpp"

#include "files/digest.hpp"
#include "files/folder_lock.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

namespace proofmark {

KeptLines::KeptLines(std::filesystem::path path, std::string of, Clock::duration patience)
    : path_(std::move(path)), of_(std::move(of)), start_writing_(Clock::now() + patience) {
  file_ = open(path_.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  is_foreign_ = file_ < 0 && errno != ENOENT;
  if (file_ < 0) return;
  require_alone(lock_alone(file_));
  std::ifstream file(path_);
  std::string line;
  std::getline(file, line);
  is_foreign_ = line != of_;
  if (is_foreign_) return;
  bool cut_off = file.eof();
  while (std::getline(file, line)) {
    if (auto entry = read(line)) known_.insert(std::move(*entry));
    cut_off = file.eof();
  }
  taken_up_ = known_.size();
  if (cut_off) write("\n"); // what comes next is a line of its own
}

KeptLines::~KeptLines() {
  close();
}

void KeptLines::require_alone(bool alone) {
  if (alone) return;
  close();
  throw Error(Exit::io, fmt::format("another run makes the proof that {} is kept for", in_quotes(path_.string())),
              "wait until it ends, or name another --output");
}

std::optional<std::string> KeptLines::words(std::uint64_t work) const {
  const std::scoped_lock lock(mutex_);
  const auto found = known_.find(work);
  return found == known_.end() ? std::nullopt : std::optional(found->second);
}

void KeptLines::keep(std::uint64_t work, const std::string& words) {
  const std::scoped_lock lock(mutex_);
  if (!known_.emplace(work, words).second || is_foreign_ || Clock::now() < start_writing_) return;
  if (file_ >= 0) return write(line(work, words));
  std::string all = of_ + "\n";
  for (const auto& [known, its_words] : known_) all += line(known, its_words);
  file_ = open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  require_alone(file_ < 0 ? errno != EEXIST : lock_alone(file_));
  write(all);
}

// What is cut off by whatever ends the program is no line when it is read again.
void KeptLines::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file_, text.data(), text.size());
    if (written < 0 && errno != EINTR)
      throw Error(Exit::io, fmt::format("cannot write {}: {}", in_quotes(path_.string()), std::strerror(errno)));
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void KeptLines::remove() {
  std::error_code nothing_to_remove;
  if (file_ >= 0 && !is_foreign_) std::filesystem::remove(path_, nothing_to_remove);
  close();
}

void KeptLines::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

std::string KeptLines::line(std::uint64_t work, const std::string& words) const {
  const std::string text = fmt::format("{} {}", work, words);
  return fmt::format("{} {}\n", text, Sha256().update(of_).update(text).hex());
}

std::optional<std::pair<std::uint64_t, std::string>> KeptLines::read(const std::string& line) const {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == line.npos || last == first) return std::nullopt;
  std::uint64_t work = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + first, work);
  if (error != std::errc() || end != line.data() + first) return std::nullopt;
  const std::string words = line.substr(first + 1, last - first - 1);
  if (this->line(work, words) != line + "\n") return std::nullopt;
  return std::pair(work, words);
}

} // namespace proofmark
