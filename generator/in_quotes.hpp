// Text from a file or the command line, made fit to print inside a message or a document.
#pragma once

#include <string>
#include <string_view>

namespace proofmark {

// In single quotes; whatever is not printable ASCII becomes \xHH, so that no file can write control sequences
// to a terminal; cut after 100 characters.
std::string in_quotes(std::string_view);

// The same without the quotes, cut after `longest` characters.
std::string printable(std::string_view, std::size_t longest = 100);

} // namespace proofmark
