#include "files/temporary_folder.hpp"

#include "support/error.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace proofmark {

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "proofmark-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    throw Error(Exit::io, std::string("cannot make a temporary folder: ") + std::strerror(errno),
                "TMPDIR says where temporary files go");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace proofmark
