// One run at a time: a lock that the kernel takes back when its holder ends, however it ends, so that there are no stale
// ones.
#pragma once

#include <filesystem>

namespace proofmark {

// Locks an open file for as long as it is open. False when another run has locked it. True, too, where the file system
// has no locks: then nothing is said and nothing is kept apart.
bool lock_alone(int descriptor);

// Keeps other runs out of a folder, by a file `.proofmark.lock` in it that goes with the lock. Throws Error (io) when
// another run is there, or the folder cannot be written.
class FolderLock {
public:
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

private:
  std::filesystem::path file_;
  int descriptor_ = -1;
};

} // namespace proofmark
