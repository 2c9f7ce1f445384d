// Where a command reads and writes, and the one decision for all commands that no output takes the place of an input or
// of another output. What is the same place is decided by the file, not by how its path is spelt.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace proofmark {

struct Place {
  std::string what;           // of an output its option, "--output"; of an input "the model"
  std::filesystem::path path; // "-" is a standard stream; empty: not given
  bool all_below = false;     // a folder with all that is in it, now or later
};

// Throws Error (usage) when an output is an input or another output, lies in such a folder, or holds one. Standard output
// and standard error count as outputs where they are files. To be called before anything is opened for writing.
void require_apart(const std::vector<Place>& inputs, const std::vector<Place>& outputs);

// The path of the file that a path leads to through links, whether it exists or not.
std::filesystem::path behind_links(const std::filesystem::path&);

} // namespace proofmark
