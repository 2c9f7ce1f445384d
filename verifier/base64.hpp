// Canonical base64 (RFC 4648, section 4): padded, without white space, unused bits zero.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace verifier {

// The bytes that the text spells, or nothing when it is not canonical base64.
std::optional<std::vector<std::uint8_t>> decode_base64(std::string_view text);

} // namespace verifier
