#include "files/folder_lock.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace proofmark {

namespace {

// A run that ends removes its file: one that was waiting for the lock then holds that of a file that is no more.
bool is_there(const std::filesystem::path& path, int descriptor) {
  struct stat there {
  }, held{};
  return stat(path.c_str(), &there) == 0 && fstat(descriptor, &held) == 0 && there.st_dev == held.st_dev &&
         there.st_ino == held.st_ino;
}

} // namespace

bool lock_alone(int descriptor) {
  int result = 0;
  do result = flock(descriptor, LOCK_EX | LOCK_NB);
  while (result != 0 && errno == EINTR);
  return result == 0 || errno != EWOULDBLOCK;
}

FolderLock::FolderLock(const std::filesystem::path& folder) : file_(folder / ".proofmark.lock") {
  const std::string name = in_quotes(folder.string());
  do {
    if (descriptor_ >= 0) close(descriptor_);
    // For writing, since NFS locks nothing else alone.
    descriptor_ = open(file_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor_ < 0)
      throw Error(Exit::io, "cannot write into the folder " + name + ": " + std::strerror(errno),
                  "a run locks it by the file " + in_quotes(file_.string()));
    if (!lock_alone(descriptor_)) {
      close(descriptor_);
      throw Error(Exit::io, "another run writes into the folder " + name,
                  "wait until it ends, or name another folder; the lock goes when that run ends, however it ends");
    }
  } while (!is_there(file_, descriptor_));
}

FolderLock::~FolderLock() {
  unlink(file_.c_str()); // while the lock is held: nobody else's
  close(descriptor_);
}

} // namespace proofmark
