#include "token_sum/exact_product.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace verifier;
using namespace verifier::token_sum;

namespace {

mpz_class big(Uint128 x) {
  return (mpz_class(static_cast<unsigned long>(x >> 64)) << 64) + static_cast<unsigned long>(x);
}

mpz_class value(std::uint64_t word) {
  return mpz_class(static_cast<unsigned long>(significand(word))) << position(word);
}

PackedVector with_range(const std::vector<std::uint64_t>& words) {
  const auto [low, high] =
      std::minmax_element(words.begin(), words.end()); // the position is the upper part of the word
  return {words, position(*low), position(*high)};
}

std::vector<std::uint64_t> random_words(std::size_t count, std::uint32_t positions, std::mt19937_64& random) {
  std::vector<std::uint64_t> words(count);
  for (auto& word : words)
    word = pack((std::uint64_t{1} << 47) + (random() >> 17), static_cast<std::uint32_t>(random() % positions));
  return words;
}

bool is_tight_upper_bound(const PositiveSum& sum, const mpz_class& truth) {
  const mpz_class s = big(sum.significand) << sum.position;
  return s >= truth && (s - truth) << 93 <= truth;
}

} // namespace

TEST_CASE("inner products are never below the truth and at most 2^-93 above it") {
  std::mt19937_64 random(4);
  Bins bins;
  for (const std::uint32_t positions : {1u, 2u, 100u, 1000u, 30000u}) {
    for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{33}, std::size_t{500}}) {
      const auto x = random_words(count, positions, random), y = random_words(count, positions, random);
      mpz_class truth = 0;
      for (std::size_t k = 0; k < count; ++k) truth += value(x[k]) * value(y[k]);
      CHECK(is_tight_upper_bound(inner_product(with_range(x), with_range(y), bins), truth));
    }
  }
}

TEST_CASE("inner products at the edge: all significands largest, at the longest length") {
  Bins bins;
  const std::vector<std::uint64_t> x(std::size_t{1} << 16, pack(significand_mask, 5));
  const mpz_class truth = value(x[0]) * value(x[0]) << 16;
  const PositiveSum sum = inner_product(with_range(x), with_range(x), bins);
  CHECK(mpz_class(big(sum.significand) << sum.position) == truth);
}

TEST_CASE("inner products of vectors with disjoint supports keep their relative precision") {
  // The largest entries meet the smallest: the sum is far below the product of the maxima.
  Bins bins;
  std::vector<std::uint64_t> x, y;
  for (std::uint32_t k = 0; k < 64; ++k) {
    x.push_back(pack((std::uint64_t{1} << 47) + k, k < 32 ? 900 : 0));
    y.push_back(pack((std::uint64_t{1} << 47) + 3 * k, k < 32 ? 0 : 900));
  }
  mpz_class truth = 0;
  for (std::size_t k = 0; k < x.size(); ++k) truth += value(x[k]) * value(y[k]);
  CHECK(is_tight_upper_bound(inner_product(with_range(x), with_range(y), bins), truth));
}

TEST_CASE("products of vectors round up by at most 2^-47 and report their range") {
  std::mt19937_64 random(5);
  auto x = random_words(1000, 50, random), y = random_words(1000, 50, random);
  x.push_back(
      pack(significand_mask - 1, 7)); // (2^48 - 2) (2^47 + 1) = 2^95 - 2: rounds up to 2^48 units, at an even position
  y.push_back(pack((std::uint64_t{1} << 47) + 1, 9));
  x.push_back(pack(significand_mask - 1, 8)); // and at an odd one, the highest of all
  y.push_back(pack((std::uint64_t{1} << 47) + 1, 98));
  x.push_back(pack(std::uint64_t{1} << 47, 0)); // exact
  y.push_back(pack(std::uint64_t{1} << 47, 0));
  std::vector<std::uint64_t> out(x.size());
  const PackedVector product = multiply(with_range(x), with_range(y), out);
  for (std::size_t k = 0; k < out.size(); ++k) {
    const mpz_class truth = value(x[k]) * value(y[k]), up = value(out[k]) << 47;
    CHECK(up >= truth);
    CHECK(mpz_class((up - truth) << 47) <= truth);
    CHECK(significand(out[k]) >= std::uint64_t{1} << 47);
    CHECK(position(out[k]) >= product.lowest);
    CHECK(position(out[k]) <= product.highest);
  }
  CHECK(mpz_class(value(out.back()) << 47) == mpz_class(value(x.back()) * value(y.back())));
}

TEST_CASE("inner products over some columns are never below the truth and at most 2^-80 above it") {
  std::mt19937_64 random(6);
  for (int i = 0; i < 4000; ++i) {
    const std::size_t count = 1 + random() % 5;
    // Spread by few positions, or by about as many as a product has bits.
    const auto x = random_words(count, i % 2 == 0 ? 3 : 60, random),
               y = random_words(count, i % 2 == 0 ? 3 : 60, random);
    std::vector<std::uint16_t> columns;
    mpz_class truth = 0;
    for (std::size_t k = 0; k < count; ++k)
      if (k == 0 || random() % 3 != 0) {
        columns.push_back(static_cast<std::uint16_t>(k));
        truth += value(x[k]) * value(y[k]);
      }
    const PositiveSum sum = inner_product(with_range(x), with_range(y), columns);
    const mpz_class found = big(sum.significand) << sum.position;
    CHECK(found >= truth);
    CHECK(mpz_class((found - truth) << 80) <= truth);
  }
}

TEST_CASE("what is shifted out of a sum over columns counts, at every distance") {
  // One product of 2^94 and one of nearly 2^96, so many positions below.
  const std::vector<std::uint16_t> columns = {0, 1};
  for (std::uint32_t distance = 0; distance <= 130; ++distance) {
    const std::vector<std::uint64_t> x = {pack(std::uint64_t{1} << 47, distance), pack(significand_mask, 0)},
                                     y = {pack(std::uint64_t{1} << 47, 0), pack(significand_mask, 0)};
    const mpz_class truth = value(x[0]) * value(y[0]) + value(x[1]) * value(y[1]);
    const PositiveSum sum = inner_product(with_range(x), with_range(y), columns);
    const mpz_class found = big(sum.significand) << sum.position;
    CHECK(found >= truth);
    CHECK(mpz_class((found - truth) << 80) <= truth);
  }
}
