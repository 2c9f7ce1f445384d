// Files that are either complete or not there: written beside their destination, then renamed over it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace proofmark {

// Bytes go to a temporary sibling; commit() flushes, syncs and renames it. Without commit() the destructor
// removes it, and what was at the destination stays. Links are followed, so that the file behind a link is
// replaced, or made, and not the link. The sibling is there only while something is written: the constructor
// tries whether it can be, and between that and the first megabyte nothing is left behind whatever ends the program.
//
// "-" is standard output. Standard output, pipes and devices cannot be renamed over: there everything is held
// in memory until commit().
//
// Every member throws Error (io) naming the destination, or Error (interrupted) when the user has asked to
// stop.
class AtomicFile {
public:
  explicit AtomicFile(const std::filesystem::path& destination);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view);
  void write(std::span<const std::uint8_t>);
  void commit();

private:
  void create();
  void flush();
  [[noreturn]] void fail(const char* what, int error_number) const;

  std::filesystem::path destination_;
  bool replaces_ = false;           // the destination; otherwise it is written to
  std::filesystem::path temporary_; // empty when there is none
  int descriptor_ = -1;
  std::string buffer_;
};

void write_file(const std::filesystem::path&, std::string_view contents);

} // namespace proofmark
