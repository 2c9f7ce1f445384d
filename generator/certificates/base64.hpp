// Bytes as text: RFC 4648, section 4, padded.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace proofmark {

std::string base64(std::span<const std::uint8_t>);
std::vector<std::uint8_t> from_base64(const std::string&); // throws std::runtime_error

// How many characters so many bytes have.
template <class Number>
Number base64_bytes(const Number& bytes) {
  return (bytes + 2) / 3 * 4;
}

} // namespace proofmark
