// Texts that this program carries, so that it needs no file of a checkout when it runs. Written at build time by embed.py.
#pragma once

#include <string_view>
#include <vector>

namespace proofmark {

struct EmbeddedFile {
  std::string_view path; // "verifier/check/check.cpp"
  std::string_view text; // UTF-8
};

inline std::string_view embedded(const std::vector<EmbeddedFile>& files, std::string_view path) { // which is there
  std::size_t i = 0;
  while (files.at(i).path != path) ++i;
  return files[i].text;
}

} // namespace proofmark
