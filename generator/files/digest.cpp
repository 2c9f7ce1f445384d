#include "files/digest.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <openssl/evp.h>

#include <array>
#include <fstream>

namespace proofmark {

namespace {

EVP_MD_CTX* context(void* pointer) {
  return static_cast<EVP_MD_CTX*>(pointer);
}

void require_success(int result) {
  if (result != 1) throw Error(Exit::internal, "the cryptographic library failed to compute a SHA-256 digest");
}

} // namespace

void Sha256::Release::operator()(void* pointer) const noexcept {
  EVP_MD_CTX_free(context(pointer));
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  require_success(context_ != nullptr);
  require_success(EVP_DigestInit_ex(context(context_.get()), EVP_sha256(), nullptr));
}

Sha256& Sha256::update(std::span<const std::uint8_t> bytes) {
  require_success(EVP_DigestUpdate(context(context_.get()), bytes.data(), bytes.size()));
  return *this;
}

Sha256& Sha256::update(std::string_view text) {
  require_success(EVP_DigestUpdate(context(context_.get()), text.data(), text.size()));
  return *this;
}

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  require_success(EVP_DigestFinal_ex(context(context_.get()), digest.data(), &length));
  std::string text;
  for (unsigned int i = 0; i < length; ++i) {
    text += "0123456789abcdef"[digest[i] >> 4];
    text += "0123456789abcdef"[digest[i] & 15];
  }
  return text;
}

std::string sha256_of_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  Sha256 digest;
  std::string buffer(std::size_t{1} << 20, '\0');
  while (stream) {
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    digest.update(std::string_view(buffer.data(), static_cast<std::size_t>(stream.gcount())));
  }
  if (!stream.eof()) throw Error(Exit::io, "cannot read " + in_quotes(path.string()));
  return digest.hex();
}

} // namespace proofmark
