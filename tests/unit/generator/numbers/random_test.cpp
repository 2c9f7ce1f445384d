#include "numbers/random.hpp"
#include "tasks/batch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace proofmark;

TEST_CASE("SplitMix64 and xoshiro256** give their published outputs") {
  std::uint64_t state = 1234567;
  CHECK(split_mix_64(state) == 6457827717110365317U);
  CHECK(split_mix_64(state) == 3203168211198807973U);
  CHECK(split_mix_64(state) == 9817491932198370423U);

  Random random(std::array<std::uint64_t, 4>{1, 2, 3, 4});
  for (const std::uint64_t expected : {11520ULL, 0ULL, 1509978240ULL, 1215971899390074240ULL})
    CHECK(random.next() == expected);
}

TEST_CASE("a seed determines everything drawn") { // expected values from an independent program
  Random random(57);
  for (const std::uint64_t expected : {4603795342966386666ULL, 16170661035272229393ULL, 14471028843078790884ULL})
    CHECK(random.next() == expected);
  for (const std::uint64_t expected : {1446U, 44U, 1882U, 312U, 208U}) CHECK(random.below(2048) == expected);
  for (const std::uint64_t expected :
       {11957631880404288652ULL, 596597582249157299ULL, 726969390997466572ULL, 5956563031135205141ULL,
        770190699662054656ULL}) // a quarter of all draws is rejected
    CHECK(random.below(std::uint64_t{3} << 62) == expected);
  for (const float expected : {0.19541209936141968F, 0.6918423771858215F, 0.6062086224555969F})
    CHECK(random.uniform() == expected);
}

TEST_CASE("bounds are kept") {
  Random random(1);
  std::array<int, 3> count{};
  for (int i = 0; i < 30000; ++i) ++count[random.below(3)];
  for (const int c : count) CHECK(std::abs(c - 10000) < 500);
  CHECK(random.below(1) == 0);
  for (int i = 0; i < 10000; ++i) {
    const float u = random.uniform();
    CHECK((u >= 0 && u < 1));
  }
}

TEST_CASE("a batch holds tokens and their maxima") {
  Random random(2);
  const Batch batch = draw_batch({.context = 3, .vocabulary = 10}, 500, random);
  REQUIRE(batch.size() == 500);
  REQUIRE(batch.tokens.size() == 1500);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    CHECK(batch.labels[i] == std::max({batch.token(i, 0), batch.token(i, 1), batch.token(i, 2)}));
    CHECK(batch.labels[i] < 10);
  }
  CHECK(*std::min_element(batch.tokens.begin(), batch.tokens.end()) == 0);
  CHECK(*std::max_element(batch.tokens.begin(), batch.tokens.end()) == 9);
}

TEST_CASE("normal numbers have the moments and tails of the normal distribution, and a seed determines them") {
  Random random(3), again(3);
  constexpr int count = 100000;
  double sum = 0, squares = 0, fourths = 0, beyond = 0, neighbours = 0, before = 0;
  for (int i = 0; i < count; ++i) {
    const double x = random.normal();
    CHECK(x == again.normal());
    sum += x;
    squares += x * x;
    fourths += x * x * x * x;
    beyond += std::abs(x) > 2;
    neighbours += x * before; // two of one point, or of two
    before = x;
  }
  CHECK(std::abs(sum / count) < 0.015); // five deviations or so, each
  CHECK(squares / count == doctest::Approx(1).epsilon(0.025));
  CHECK(fourths / count == doctest::Approx(3).epsilon(0.06));
  CHECK(beyond / count == doctest::Approx(0.0455).epsilon(0.08));
  CHECK(std::abs(neighbours / count) < 0.016);
}
