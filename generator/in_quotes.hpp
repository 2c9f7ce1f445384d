// Text from a file or the command line, made fit to print inside a message.
#pragma once

#include <string>
#include <string_view>

namespace proofmark {

// In single quotes; whatever is not printable ASCII becomes \xHH, so that no file can write control sequences
// to a terminal; cut after 100 characters.
std::string in_quotes(std::string_view);

} // namespace proofmark
