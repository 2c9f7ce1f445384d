// Which points `proofmark frontier` makes, and the folders that it writes.

#include "commands/frontier/frontier.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

void require_known(const char* option, const std::vector<std::string>& words, const std::vector<std::string>& known) {
  for (const std::string& word : words) {
    if (std::count(known.begin(), known.end(), word)) continue;
    const std::string near = nearest_name(word, known);
    throw Error(Exit::usage, fmt::format("{} {}: there is none of that name", option, in_quotes(word)),
                near.empty() ? "--list shows the points and their strategies"
                             : fmt::format("did you mean '{}'?", near));
  }
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::count(words.begin(), words.end(), word) > 0;
}

Selected select(const FrontierCommand& options, const std::vector<Point>& all) {
  std::vector<std::string> names, strategies;
  for (const Point& point : all) names.push_back(point.name), strategies.push_back(point.proof.strategy);
  require_known("--points", options.points, names);
  require_known("--strategies", options.strategies, strategies);
  Selected selected;
  selected.required = !options.points.empty();
  const bool everything = options.points.empty() && options.strategies.empty();
  for (const Point& point : all) {
    const bool wanted =
        everything ? point.by_default
                   : contains(options.points, point.name) || contains(options.strategies, point.proof.strategy);
    (wanted ? selected.points : selected.others).push_back(point);
    if (everything && !wanted)
      selected.left_out.push_back({point.name, fmt::format("a long proof; --points {} makes it", point.name)});
  }
  return selected;
}

} // namespace

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directory(path, error);
  if (error || !fs::is_directory(path, error))
    throw Error(Exit::io,
                fmt::format("cannot make the folder {}: {}", in_quotes(path.string()),
                            error ? error.message() : "something else has that name"),
                "--output names a folder; the one that it lies in must exist");
}

Folder folder(const std::string& output) {
  Folder result{output};
  for (const fs::path& path : {result.path, result.certificate("-").parent_path(), result.receipt("-").parent_path(),
                               result.record("-").parent_path()})
    make_folder(path);
  return result;
}

void require_verified(const std::string& unverified) {
  if (!unverified.empty())
    throw Error(Exit::not_verified, "not verified: " + unverified,
                "the other points stand; the lines above and frontier.csv have the reason codes (schema/reasons.md)");
}

std::string unverified_points(const Frontier& frontier) {
  std::string names;
  for (const FinishedPoint& point : frontier.points)
    if (!point.verified()) names += (names.empty() ? "" : ", ") + point.name;
  return names;
}

Selected request(const Subject& subject, const FrontierCommand& options) {
  if (subject.shape) require_steps(subject.shape->task, options.proof.steps); // a mistake here would be every point's
  Selected selected = select(options, subject.points);
  std::optional<Error> why;
  for (const Point& point : selected.points) {
    try {
      subject.plan(point);
      return selected;
    } catch (const Error& error) {
      why = error;
    }
  }
  if (why && !options.list)
    throw Error(Exit::usage, fmt::format("none of the points can be proved: {}", why->what()), why->hint);
  return selected;
}

} // namespace proofmark
