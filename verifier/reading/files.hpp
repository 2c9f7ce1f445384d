// Files in and out: bounded reading, and writing that never leaves half a file behind.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace verifier {

// An open file, closed at the end; standard input stays open.
class Descriptor {
public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool close();

private:
  int fd_;
};

// A file, or standard input for "-", piece by piece. Fails with io, or with `limit_file` when it is longer than `limit`
// bytes.
class InputFile {
public:
  InputFile(const std::string& path, std::uint64_t limit);

  std::string_view next(); // lasts until the next call; empty at the end
  bool at_end() const { return at_end_; }
  std::optional<std::uint64_t> size() const { return size_; } // bytes, of a regular file

private:
  void require_within(std::uint64_t size) const;

  std::string path_;
  std::uint64_t limit_, taken_ = 0;
  Descriptor file_;
  std::optional<std::uint64_t> size_;
  bool at_end_ = false;
  std::array<char, 1 << 16> buffer_;
};

// Whether there is a regular file.
bool is_file(const std::string& path);

// The whole file, or standard input for "-". Fails with io, or with `limit_file` when it is longer than
// `limit` bytes.
std::string read_file(const std::string& path, std::uint64_t limit);

// Writes a temporary sibling, flushes it to disk and renames it; links are followed; a device or pipe is written to;
// "-" is standard output. Fails with io.
void write_file(const std::string& path, const std::string& text);

// Writes to standard output and makes sure that it arrived. Fails with io.
void write_output(const std::string& text);

} // namespace verifier
