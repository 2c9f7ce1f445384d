// The file of a part (schema/FORMAT.md, section 12).
#pragma once

#include "parts/part.hpp"

#include <string>
#include <string_view>

namespace verifier {

// It ends with a seal, a keyed digest of all before it: without a key it tells damage, with a key that
// nobody else has also forgery.
std::string part_text(const Part&, std::string_view key);
// Whether a text says that it is a part, of whatever it may be.
bool is_part(const std::string& text);
// Fails as reading a certificate does, or with part-seal, part-mismatch (another verifier), part-coverage (steps that are
// not this part's).
Part read_part(const std::string& text, std::string_view key);

} // namespace verifier
