#include "kernel/integers.hpp"

#include <doctest/doctest.h>

using namespace verifier;

TEST_CASE("numbers of 64 bits pass whole, whatever a long has") {
  for (const std::uint64_t x : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0xffffffff}, std::uint64_t{1} << 32,
                                std::uint64_t{1} << 63, UINT64_MAX}) {
    CHECK(integer(x) == mpz_class(std::to_string(x)));
    CHECK(in_64_bits(integer(x)) == x);
    CHECK(power(x, 3) == integer(x) * integer(x) * integer(x));
  }
  CHECK(power(0u, 0) == 1);
  CHECK(binomial(64, 32).get_str() == "1832624140942590534");
}

TEST_CASE("longer numbers are not cut") {
  const mpz_class least = mpz_class(1) << 64;
  CHECK(has_64_bits(least - 1));
  CHECK_FALSE(has_64_bits(least));
  CHECK_FALSE(has_64_bits(-1));
  CHECK_THROWS_AS(in_64_bits(least), std::logic_error);
  CHECK_THROWS_AS(in_64_bits(-1), std::logic_error);
  CHECK_THROWS_AS(power(2u, std::uint64_t{1} << 32), std::logic_error);
  CHECK_THROWS_AS(binomial(std::uint64_t{1} << 32, 1), std::logic_error);
}
