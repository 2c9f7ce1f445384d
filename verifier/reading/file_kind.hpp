// What a file is that was given in place of weights: words for a refusal. Nothing here decides anything.
#pragma once

#include <string_view>

namespace verifier {

// "a zip file, as torch.save writes", by how the file starts; empty for what is not known.
std::string_view file_kind(std::string_view file);

} // namespace verifier
