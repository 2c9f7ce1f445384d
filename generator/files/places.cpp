#include "files/places.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

constexpr int most_links = 40; // as the kernel has it

using FileId = std::pair<dev_t, ino_t>;

struct Known : Place {
  fs::path resolved;        // absolute, without links; of a standard stream its name
  std::optional<FileId> id; // of a regular file or a folder that is there
  bool is_device = false;   // takes any number of outputs
};

fs::path absolute_without_links(const fs::path& path) {
  std::error_code ignored;
  fs::path result = fs::weakly_canonical(fs::absolute(behind_links(path), ignored), ignored);
  return result.has_filename() ? result : result.parent_path(); // "folder/"
}

Known known(const Place& place, int standard_stream) {
  Known result{place, standard_stream == STDIN_FILENO ? "standard input" : "standard output", {}, false};
  struct stat status {};
  const bool stream = place.path == "-";
  const bool there = (stream ? fstat(standard_stream, &status) : stat(place.path.c_str(), &status)) == 0;
  if (!stream) result.resolved = absolute_without_links(place.path);
  if (there && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))) result.id = {status.st_dev, status.st_ino};
  result.is_device = there && !stream && S_ISCHR(status.st_mode);
  return result;
}

bool same(const Known& a, const Known& b) {
  if (a.is_device || b.is_device) return false;
  if (a.id && b.id) return a.id == b.id;
  return !a.id && !b.id && a.resolved == b.resolved;
}

// Whether `inner` is in the folder `outer`, or a link there leads to it.
bool within(const Known& inner, const Known& outer) {
  if (!outer.all_below || inner.path == "-" || outer.path == "-") return false;
  for (fs::path above = inner.resolved; above.has_relative_path(); above = above.parent_path())
    if (same(known({"", above.parent_path()}, -1), outer)) return true;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(outer.path, error), end; !error && entry != end; entry.increment(error))
    if (!entry->is_directory(error) && same(known({"", entry->path()}, -1), inner)) return true;
  return false;
}

bool clash(const Known& a, const Known& b) {
  return same(a, b) || within(a, b) || within(b, a);
}

std::string shown(const Known& place) {
  return place.path == "-" ? place.what : place.what + " " + in_quotes(place.path.string());
}

} // namespace

fs::path behind_links(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) return path; // a device, or a folder
  fs::path result = path;
  for (int links = 0; fs::is_symlink(result, error) && links < most_links; ++links)
    result = result.parent_path() / fs::read_symlink(result, error);
  return result;
}

void require_apart(const std::vector<Place>& inputs, const std::vector<Place>& outputs) {
  std::vector<Known> read, written;
  for (const Place& place : inputs)
    if (!place.path.empty()) read.push_back(known(place, STDIN_FILENO));
  for (const Place& place : outputs)
    if (!place.path.empty()) written.push_back(known(place, STDOUT_FILENO));
  const std::size_t given = written.size();
  if (std::none_of(written.begin(), written.end(), [](const Known& place) { return place.path == "-"; }))
    written.push_back(known({"standard output", "-"}, STDOUT_FILENO));
  written.push_back(known({"standard error", "-"}, STDERR_FILENO));
  for (std::size_t i = 0; i < written.size(); ++i) {
    for (const Known& input : read)
      if ((i < given || written[i].id) && clash(written[i], input))
        throw Error(Exit::usage,
                    shown(written[i]) + (input.all_below ? " would write into " : " would replace ") + shown(input),
                    "inputs stay as they are: name another place");
    for (std::size_t j = 0; j < std::min(i, given); ++j) // messages may go where an output goes as a stream
      if ((i < given || (written[i].id && written[j].path != "-")) && clash(written[i], written[j]))
        throw Error(Exit::usage, shown(written[j]) + " and " + shown(written[i]) + " are one place",
                    "give each output a place of its own");
  }
}

} // namespace proofmark
