// A folder that is either complete or not there: filled beside its destination, then renamed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark {

// The destination must not exist or be an empty folder, and the folder that it lies in must exist. Without commit() the
// destructor removes everything.
//
// Every member throws Error: usage when the destination is taken, io when something cannot be written, interrupted when
// the user has asked to stop.
class StagedFolder {
public:
  explicit StagedFolder(const std::filesystem::path& destination);
  ~StagedFolder();
  StagedFolder(const StagedFolder&) = delete;
  StagedFolder& operator=(const StagedFolder&) = delete;

  // Paths are relative, with '/' between names.
  std::filesystem::path path(const std::string& file) const { return staged_ / file; }
  void write(const std::string& file, std::string_view contents); // makes the folders on the way
  std::vector<std::string>
  files(const std::string& folder = "") const; // all files below it, relative to it, in ascending order of bytes
  void commit();

private:
  std::filesystem::path destination_, staged_; // staged_ is empty after commit()
};

} // namespace proofmark
