// SHA-256 through OpenSSL: the only digest of the project.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace proofmark {

// A digest taken piece by piece. Throws Error (internal) when the library refuses, which a working OpenSSL
// never does.
class Sha256 {
public:
  Sha256();
  Sha256& update(std::span<const std::uint8_t>);
  Sha256& update(std::string_view);
  std::string hex(); // 64 lower-case hexadecimal digits; ends the digest, call it once

private:
  struct Release {
    void operator()(void*) const noexcept;
  };
  std::unique_ptr<void, Release> context_;
};

std::string sha256_of_file(const std::filesystem::path&); // throws Error (io)

} // namespace proofmark
