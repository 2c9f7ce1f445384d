#include "files/digest.hpp"
#include "support/in_quotes.hpp"

#include <doctest/doctest.h>

using namespace proofmark;

TEST_CASE("SHA-256 of the standard's examples") {
  CHECK(Sha256().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(Sha256().update("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 digest;
  for (int i = 0; i < 1000; ++i) digest.update(std::string(1000, 'a'));
  CHECK(digest.hex() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  const std::uint8_t bytes[] = {'a', 'b', 'c'};
  CHECK(Sha256().update(bytes).hex() == Sha256().update("abc").hex());
}

TEST_CASE("text from outside cannot write control sequences") {
  CHECK(in_quotes("embedding.weight") == "'embedding.weight'");
  CHECK(in_quotes("\x1b[31m\n") == "'\\x1b[31m\\x0a'");
  CHECK(in_quotes("\xff") == "'\\xff'");
  CHECK(in_quotes(std::string(100, 'x')) == "'" + std::string(100, 'x') + "'");
  CHECK(in_quotes(std::string(101, 'x')) == "'" + std::string(100, 'x') + "...'");
}
