// The figures as files of their own.
#pragma once

#include "report/figures/figure.hpp"

#include <filesystem>

namespace proofmark {

struct FigureFormats {
  bool svg = false, csv = false, pdf = false, png = false;
};

FigureFormats figure_formats(const std::vector<std::string>& names); // "svg", "csv", "pdf", "png"

// Throws Error (io) when a format needs rsvg-convert (Debian: librsvg2-bin) and it is not on the PATH.
void require_converter(const FigureFormats&);

// NAME.svg, NAME.csv, .. of each figure in the folder.
std::vector<std::filesystem::path> figure_files(const std::vector<const Figure*>&, const FigureFormats&,
                                                const std::filesystem::path& folder);

// Writes them; the folder is made where it does not exist. The same bytes for the same figures and, of PDF and PNG, the
// same rsvg-convert. Throws Error (io).
void write_figures(const std::vector<const Figure*>&, const FigureFormats&, const std::filesystem::path& folder);

} // namespace proofmark
