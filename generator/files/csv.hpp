// Lines of CSV files (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace proofmark {

// Cells as given, in quotes where a comma, a quote or a line break makes them necessary; ends with a line break.
std::string csv_line(const std::vector<std::string>& cells);

// A cell of text that somebody else wrote. Spreadsheets run what starts with = + - @ or white space as a formula; an
// apostrophe in front makes it text to them.
std::string csv_text(std::string_view);

} // namespace proofmark
