// Words of the user's, made to mean themselves wherever an archive writes them.
#pragma once

#include <string>
#include <string_view>

namespace proofmark {

// Throws Error (usage) that names `option` when the text is empty, longer than 1000 bytes, not UTF-8, or has a control
// character, a line break of any kind or a byte order mark: no format that an archive writes could hold those safely.
void require_plain_text(const std::string& option, std::string_view text);

// Of text that passed require_plain_text or is printable ASCII:
std::string in_markdown(std::string_view); // inside a line; whatever Markdown or HTML would read as a mark is escaped
std::string in_double_quotes(std::string_view); // with its double quotes, the same in JSON and in YAML

} // namespace proofmark
