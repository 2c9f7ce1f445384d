// SHA-256 (FIPS 180-4). Our own, so that the verifier depends on nothing but MPFR and GMP.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace verifier {

class Sha256 {
public:
  void update(std::span<const std::uint8_t> bytes);
  void update(std::string_view text);
  // Either ends the computation.
  std::array<std::uint8_t, 32> bytes();
  std::string hexadecimal(); // 64 lower-case digits

private:
  void block(const std::uint8_t* bytes);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> pending_{};
  std::uint64_t length_ = 0; // bytes so far
};

std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes); // FIPS 198-1

} // namespace verifier
