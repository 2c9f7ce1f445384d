#include "files/atomic_file.hpp"

#include "files/places.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/interrupt.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 20;

// A name beside the destination that no earlier file of this process uses.
fs::path sibling(const fs::path& destination) {
  static std::atomic<int> count = 0;
  return destination.parent_path() /
         (".proofmark-" + std::to_string(getpid()) + "-" + std::to_string(count++) + ".tmp");
}

// The rename itself should survive a power failure too. Not every file system can do this, and none needs it
// to be correct.
void sync_directory(const fs::path& directory) {
  const int descriptor = open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) {
    fsync(descriptor);
    close(descriptor);
  }
}

} // namespace

AtomicFile::AtomicFile(const fs::path& destination) : destination_(destination) {
  if (destination == "-") {
    descriptor_ = dup(STDOUT_FILENO);
    if (descriptor_ < 0) fail("write to", errno);
    return;
  }
  if (!destination.has_filename()) fail("write", destination.empty() ? ENOENT : EISDIR);
  destination_ = behind_links(destination);
  struct stat status {};
  const bool exists = stat(destination_.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) fail("write", errno);
  if (exists && S_ISDIR(status.st_mode)) fail("write", EISDIR);
  replaces_ = !exists || S_ISREG(status.st_mode);
  if (replaces_) {
    create(); // a destination that cannot be written is found out now
    close(std::exchange(descriptor_, -1));
    unlink(std::exchange(temporary_, {}).c_str());
  } else {
    descriptor_ = open(destination_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail("write", errno);
  }
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

// A sibling that is there already is a killed run's, and not in the way: in containers process numbers repeat.
void AtomicFile::create() {
  fs::path temporary;
  do {
    temporary = sibling(destination_);
    descriptor_ = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ < 0) fail("write", errno);
  temporary_ = std::move(temporary);
}

void AtomicFile::write(std::string_view text) {
  buffer_ += text;
  if (replaces_ && buffer_.size() >= buffer_size) flush();
}

void AtomicFile::write(std::span<const std::uint8_t> bytes) {
  write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void AtomicFile::commit() {
  flush();
  if (replaces_ && fsync(descriptor_) != 0) fail("write", errno);
  const int descriptor = std::exchange(descriptor_, -1);
  if (close(descriptor) != 0) fail("write", errno);
  stop_if_interrupted();
  if (!replaces_) return;
  if (rename(temporary_.c_str(), destination_.c_str()) != 0) fail("replace", errno);
  temporary_.clear();
  sync_directory(destination_.parent_path());
}

void AtomicFile::flush() {
  if (descriptor_ < 0) create();
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    stop_if_interrupted();
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) fail("write", errno);
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void AtomicFile::fail(const char* what, int error_number) const {
  const std::string name = destination_ == "-" ? "standard output" : in_quotes(destination_.string());
  std::string hint;
  if (error_number == ENOENT)
    hint = "the directory must exist already";
  else if (error_number == EISDIR)
    hint = "give the name of a file inside it";
  else if (error_number == ENOSPC || error_number == EDQUOT)
    hint = "make room and run the command again; nothing was left behind";
  else if (error_number == EFBIG)
    hint = "'ulimit -f' says how large a file may be here; nothing was left behind";
  throw Error(Exit::io, std::string("cannot ") + what + " " + name + ": " + std::strerror(error_number), hint);
}

void write_file(const fs::path& path, std::string_view contents) {
  AtomicFile file(path);
  file.write(contents);
  file.commit();
}

} // namespace proofmark
