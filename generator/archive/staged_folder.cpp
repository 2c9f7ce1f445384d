#include "archive/staged_folder.hpp"

#include "files/places.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/interrupt.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

void require_free(const fs::path& destination) {
  std::error_code error;
  const auto taken = [&](const char* what) {
    throw Error(Exit::usage, "--output " + in_quotes(destination.string()) + " " + what,
                "name a new folder, or remove this one first; an archive is never mixed with other files");
  };
  const auto status = fs::status(destination, error);
  if (status.type() == fs::file_type::not_found) return;
  if (!fs::is_directory(status)) taken("is there already, and is not a folder");
  if (!fs::is_empty(destination, error) || error) taken("is a folder that is not empty");
  if (fs::equivalent(destination, fs::current_path(error), error)) taken("is the folder that you are in");
}

} // namespace

StagedFolder::StagedFolder(const fs::path& destination) {
  require_free(destination);
  std::error_code error;
  destination_ = fs::weakly_canonical(fs::absolute(behind_links(destination)), error);
  if (!destination_.has_filename()) destination_ = destination_.parent_path(); // "archive/"
  fs::path staged;
  for (int i = 0; i == 0 || fs::exists(staged); ++i) // one that is there is a killed run's
    staged = destination_.parent_path() / (".proofmark-" + std::to_string(getpid()) + "-" + std::to_string(i) + ".tmp");
  if (error || !fs::create_directory(staged, error))
    throw Error(Exit::io,
                "cannot make the folder " + in_quotes(destination.string()) + ": " +
                    (error ? error.message() : "something else has the name of its temporary folder"),
                "the folder that it lies in must exist");
  staged_ = staged;
}

StagedFolder::~StagedFolder() {
  std::error_code ignored;
  if (!staged_.empty()) fs::remove_all(staged_, ignored);
}

void StagedFolder::write(const std::string& file, std::string_view contents) {
  stop_if_interrupted();
  const fs::path whole = path(file);
  std::error_code error;
  fs::create_directories(whole.parent_path(), error);
  errno = 0;
  std::ofstream stream(whole, std::ios::binary);
  stream.write(contents.data(), static_cast<std::streamsize>(contents.size()));
  stream.close();
  if (!stream)
    throw Error(Exit::io, "cannot write " + in_quotes(file) + " of the archive: " + std::strerror(errno),
                "nothing was left behind");
}

std::vector<std::string> StagedFolder::files(const std::string& folder) const {
  std::vector<std::string> result;
  for (const auto& entry : fs::recursive_directory_iterator(staged_ / folder))
    if (entry.is_regular_file()) result.push_back(entry.path().lexically_relative(staged_ / folder).generic_string());
  std::sort(result.begin(), result.end());
  return result;
}

void StagedFolder::commit() {
  stop_if_interrupted();
  if (std::rename(staged_.c_str(), destination_.c_str()) == 0) return staged_.clear();
  if (errno == ENOTEMPTY || errno == EEXIST)
    throw Error(Exit::io, "another run has made the folder " + in_quotes(destination_.string()) + " meanwhile",
                "that archive is complete, and this one was not written");
  throw Error(Exit::io, "cannot make the folder " + in_quotes(destination_.string()) + ": " + std::strerror(errno),
              "nothing was left behind");
}

} // namespace proofmark
