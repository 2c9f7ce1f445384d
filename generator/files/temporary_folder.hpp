// A folder that is gone with the object.
#pragma once

#include <filesystem>

namespace proofmark {

class TemporaryFolder {
public:
  TemporaryFolder(); // throws Error (io)
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace proofmark
