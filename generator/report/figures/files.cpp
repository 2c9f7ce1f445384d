#include "report/figures/files.hpp"

#include "files/atomic_file.hpp"
#include "files/folder_lock.hpp"
#include "support/child_process.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <unistd.h>

#include <cstdlib>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

constexpr const char* converter = "rsvg-convert";

fs::path found_on_path() {
  const char* const variable = std::getenv("PATH");
  const std::string folders = variable == nullptr ? "" : variable;
  for (std::size_t from = 0; from <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', from), folders.size());
    const fs::path candidate = fs::path(folders.substr(from, end - from)) / converter;
    if (end > from && access(candidate.c_str(), X_OK) == 0) return candidate;
    from = end + 1;
  }
  return {};
}

std::string converted(const fs::path& program, const fs::path& svg, const std::vector<std::string>& options) {
  std::vector<std::string> arguments = options;
  arguments.push_back(svg.string());
  const ChildResult child = run_program(program, arguments);
  if (child.exit != 0)
    throw Error(Exit::io,
                std::string(converter) + " failed on " + in_quotes(svg.string()) + ": " + printable(child.errors),
                "--formats svg,csv does without it");
  return child.output;
}

// A file that is removed in the end, if it only served to make others.
struct UnlessWanted {
  fs::path path;
  bool wanted;
  ~UnlessWanted() {
    std::error_code ignored;
    if (!wanted) fs::remove(path, ignored);
  }
};

} // namespace

FigureFormats figure_formats(const std::vector<std::string>& names) {
  FigureFormats formats;
  for (const std::string& name : names) {
    if (name == "svg")
      formats.svg = true;
    else if (name == "csv")
      formats.csv = true;
    else if (name == "pdf")
      formats.pdf = true;
    else
      formats.png = true;
  }
  return formats;
}

void require_converter(const FigureFormats& formats) {
  if ((formats.pdf || formats.png) && found_on_path().empty())
    throw Error(Exit::io, "PDF and PNG need rsvg-convert, which is not on the PATH",
                "install the Debian package librsvg2-bin, or use --formats svg,csv");
}

std::vector<fs::path> figure_files(const std::vector<const Figure*>& figures, const FigureFormats& formats,
                                   const fs::path& folder) {
  std::vector<fs::path> result;
  for (const Figure* figure : figures)
    for (const auto& [ending, wanted] : {std::pair(".svg", formats.svg), std::pair(".csv", formats.csv),
                                         std::pair(".pdf", formats.pdf), std::pair(".png", formats.png)})
      if (wanted) result.push_back(folder / (figure->name + ending));
  return result;
}

void write_figures(const std::vector<const Figure*>& figures, const FigureFormats& formats, const fs::path& folder) {
  std::error_code error;
  fs::create_directory(folder, error);
  if (error || !fs::is_directory(folder))
    throw Error(Exit::io,
                "cannot make the folder " + in_quotes(folder.string()) + (error ? ": " + error.message() : ""),
                "--figures names a folder; the one that it lies in must exist");
  const FolderLock lock(folder);
  // PDF would carry the time otherwise
  setenv("SOURCE_DATE_EPOCH", "0", 1);
  const fs::path program = formats.pdf || formats.png ? found_on_path() : fs::path();
  for (const Figure* figure : figures) {
    const UnlessWanted svg{folder / ((formats.svg ? "" : ".proofmark-") + figure->name + ".svg"), formats.svg};
    const auto beside = [&](const char* ending) { return folder / (figure->name + ending); };
    if (formats.svg || !program.empty())
      write_file(svg.path, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + figure->svg);
    if (formats.csv) write_file(beside(".csv"), csv(*figure));
    if (formats.pdf) write_file(beside(".pdf"), converted(program, svg.path, {"--format", "pdf"}));
    if (formats.png) write_file(beside(".png"), converted(program, svg.path, {"--format", "png", "--zoom", "2"}));
  }
}

} // namespace proofmark
