#include "archive/checksums.hpp"

#include "files/digest.hpp"

namespace proofmark {

void write_checksums(StagedFolder& folder, const std::string& path) {
  std::string lines;
  for (const std::string& file : folder.files(path))
    lines += sha256_of_file(folder.path(path + file)) + "  " + file + "\n";
  folder.write(path + checksums_file, lines);
}

} // namespace proofmark
