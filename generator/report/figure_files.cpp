#include "figure_files.hpp"

#include "../atomic_file.hpp"
#include "../child_process.hpp"
#include "../error.hpp"
#include "../in_quotes.hpp"

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
    else if (name == "png")
      formats.png = true;
    else
      throw Error(Exit::usage, "--formats " + in_quotes(name) + ": there is no such format",
                  "there are svg, csv, pdf and png");
  }
  return formats;
}

void require_converter(const FigureFormats& formats) {
  if ((formats.pdf || formats.png) && found_on_path().empty())
    throw Error(Exit::io, "PDF and PNG need rsvg-convert, which is not on the PATH",
                "install the Debian package librsvg2-bin, or use --formats svg,csv");
}

void write_figures(const std::vector<const Figure*>& figures, const FigureFormats& formats, const fs::path& folder) {
  std::error_code error;
  fs::create_directory(folder, error);
  if (error || !fs::is_directory(folder))
    throw Error(Exit::io,
                "cannot make the folder " + in_quotes(folder.string()) + (error ? ": " + error.message() : ""),
                "--figures names a folder; the one that it lies in must exist");
  // PDF would carry the time otherwise
  setenv("SOURCE_DATE_EPOCH", "0", 1);
  const fs::path program = formats.pdf || formats.png ? found_on_path() : fs::path();
  for (const Figure* figure : figures) {
    const fs::path svg = folder / (figure->name + ".svg");
    const auto beside = [&](const char* ending) { return folder / (figure->name + ending); };
    write_file(svg, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + figure->svg);
    if (formats.csv) write_file(beside(".csv"), csv(*figure));
    if (formats.pdf) write_file(beside(".pdf"), converted(program, svg, {"--format", "pdf"}));
    if (formats.png) write_file(beside(".png"), converted(program, svg, {"--format", "png", "--zoom", "2"}));
    if (!formats.svg) fs::remove(svg, error);
  }
}

} // namespace proofmark
