#include "reading/base64.hpp"

#include <utility>

namespace verifier {
namespace {

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

} // namespace

void Base64Decoder::add(char c) {
  if (wrong_) return;
  ++characters_;
  if (c == '=') {
    ++padding_;
    return;
  }
  const int digit = base64_digit(c);
  if (digit < 0 || padding_ > 0) {
    wrong_ = true;
    bytes_ = {};
    return;
  }
  bits_ = bits_ << 6 | static_cast<std::uint32_t>(digit);
  if ((bit_count_ += 6) < 8) return;
  bit_count_ -= 8;
  bytes_.push_back(static_cast<std::uint8_t>(bits_ >> bit_count_));
  bits_ &= (std::uint32_t{1} << bit_count_) - 1;
}

std::optional<std::vector<std::uint8_t>> Base64Decoder::finish() {
  if (wrong_ || characters_ % 4 != 0 || padding_ > 2 || bits_ != 0) return std::nullopt;
  return std::move(bytes_);
}

} // namespace verifier
