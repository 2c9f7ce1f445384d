// Canonical base64 (RFC 4648, section 4): padded, without white space, unused bits zero.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace verifier {

// Decodes a text character by character.
class Base64Decoder {
public:
  void add(char c);
  // The bytes that the text spells, or nothing when it is not canonical base64; ends the decoding.
  std::optional<std::vector<std::uint8_t>> finish();

private:
  std::vector<std::uint8_t> bytes_;
  std::uint64_t characters_ = 0, padding_ = 0;
  std::uint32_t bits_ = 0; // that do not make a byte yet
  int bit_count_ = 0;
  bool wrong_ = false;
};

} // namespace verifier
