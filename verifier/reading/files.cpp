#include "reading/files.hpp"

#include "reading/reason.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace verifier {
namespace {

[[noreturn]] void fail_io(const std::string& path, const std::string& what) {
  throw Failure(reason::io, path, what, std::strerror(errno));
}

bool write_all(int fd, const std::string& text) {
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t count = ::write(fd, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    written += static_cast<std::size_t>(count);
  }
  return true;
}

// While a file is made no signal ends the program, which would leave half a file behind. A thread of its own takes none.
class SignalsHeld {
public:
  SignalsHeld() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

private:
  sigset_t before_;
};

// The path of the file that a path leads to through links, whether it exists or not: that one is replaced or made, and
// not the link.
std::string behind_links(std::filesystem::path path) {
  std::error_code ignored;
  for (int links = 0; links < 40 && std::filesystem::is_symlink(path, ignored); ++links)
    path = path.parent_path() / std::filesystem::read_symlink(path, ignored);
  return path;
}

} // namespace

bool Descriptor::close() {
  const int fd = std::exchange(fd_, -1);
  return fd < 0 || fd == STDIN_FILENO || ::close(fd) == 0;
}

InputFile::InputFile(const std::string& path, std::uint64_t limit)
    : path_(path), limit_(limit), file_(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (file_.get() < 0) fail_io(path, "a readable file");
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) fail_io(path, "a readable file");
  if (S_ISDIR(status.st_mode)) fail(reason::io, path, "a file", "a directory");
  if (!S_ISREG(status.st_mode)) return;
  size_ = static_cast<std::uint64_t>(status.st_size);
  require_within(*size_);
}

void InputFile::require_within(std::uint64_t size) const {
  require(size <= limit_, reason::limit_file, path_, "at most " + std::to_string(limit_) + " bytes", "more");
}

std::string_view InputFile::next() {
  for (;;) {
    const ssize_t count = ::read(file_.get(), buffer_.data(), buffer_.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_io(path_, "a readable file");
    at_end_ = count == 0;
    taken_ += static_cast<std::uint64_t>(count);
    require_within(taken_);
    return {buffer_.data(), static_cast<std::size_t>(count)};
  }
}

bool is_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::string read_file(const std::string& path, std::uint64_t limit) {
  InputFile file(path, limit);
  std::string text;
  if (file.size()) text.reserve(static_cast<std::size_t>(*file.size()) + 1);
  for (std::string_view piece = file.next(); !piece.empty(); piece = file.next()) text += piece;
  return text;
}

void write_file(const std::string& path, const std::string& text) {
  if (path == "-") return write_output(text);
  // A device or a pipe is written to; only a regular file, or what is not there yet, is replaced.
  struct stat status {};
  const bool there = ::stat(path.c_str(), &status) == 0;
  if (!there && errno != ENOENT) fail_io(path, "a place that can be written");
  if (there && !S_ISREG(status.st_mode)) {
    Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (device.get() < 0 || !write_all(device.get(), text) || !device.close())
      fail_io(path, "a place that can be written");
    return;
  }
  const SignalsHeld held;
  const std::string place = behind_links(path);
  // What a killed run left behind is neither used nor in the way, even where process numbers repeat.
  constexpr int attempts = 100;
  std::string temporary;
  int descriptor = -1;
  for (int i = 0; i < attempts && descriptor < 0; ++i) {
    temporary = place + ".partial-" + std::to_string(::getpid()) + "-" + std::to_string(i);
    descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno != EEXIST) break;
  }
  Descriptor file(descriptor);
  if (file.get() < 0) fail_io(path, "a place that can be written");
  if (!write_all(file.get(), text) || ::fsync(file.get()) != 0 || !file.close() ||
      ::rename(temporary.c_str(), place.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    errno = error;
    fail_io(path, "a place that can be written");
  }
}

void write_output(const std::string& text) {
  // Closing reports what a network file system or a full disk had postponed.
  if (!write_all(STDOUT_FILENO, text) || ::close(::dup(STDOUT_FILENO)) != 0)
    fail_io("standard output", "an output that takes the verdict");
}

} // namespace verifier
