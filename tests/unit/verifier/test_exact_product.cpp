#include "token_sum/exact_product.hpp"
#include "token_sum/fixed_point.hpp"
#include "truth.hpp"

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

TEST_CASE("fixed-point matrices and their products stay within their stated errors") {
  struct Case {
    int mantissa_bits, lowest, highest;
  };
  for (const Case c :
       {Case{24, -30, -20}, Case{53, -60, -50}, Case{24, -90, 10}, Case{1, 0, 0}, Case{53, -1074, 900}}) {
    const std::size_t rows = 7, other = 5, terms = 6;
    const Weights w = truth::random_weights(rows, terms, c.mantissa_bits, c.lowest, c.highest, 6);
    const std::vector<Dyadic> ys(w.unembedding.begin(), w.unembedding.begin() + other * terms);
    const int bits = bits_for(terms);
    const FixedMatrix x = to_fixed(w.embedding, rows, terms, bits), y = to_fixed(ys, other, terms, bits);
    const auto stands_for = [](const FixedMatrix& m, std::size_t i) {
      return truth::rational({m.values[i], static_cast<int>(-m.scale)});
    };
    for (std::size_t i = 0; i < x.values.size(); ++i)
      CHECK(abs(stands_for(x, i) - truth::rational(w.embedding[i])) <= exact(x.error));
    const FixedMatrix product = multiply_transposed(x, y, bits, 2);
    for (std::size_t a = 0; a < rows; ++a) {
      mpq_class row = 0;
      for (std::size_t j = 0; j < terms; ++j) row += abs(truth::rational(w.embedding[a * terms + j]));
      CHECK(row <= exact(x.largest_row));
      for (std::size_t k = 0; k < other; ++k) {
        mpq_class truth_value = 0;
        for (std::size_t j = 0; j < terms; ++j)
          truth_value += truth::rational(w.embedding[a * terms + j]) * truth::rational(ys[k * terms + j]);
        CHECK(abs(stands_for(product, a * other + k) - truth_value) <= exact(product.error));
      }
    }
  }
}

TEST_CASE("row sums and errors round up where they need more than 64 bits") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const std::size_t terms = 300;
    // Held exactly, 58 bits each; then with a wide range, where most are rounded.
    for (const int lowest : {-60, -90}) {
      const Weights w = truth::random_weights(3, terms, 58, lowest, -60, seed);
      const FixedMatrix x = to_fixed(w.embedding, 3, terms, bits_for(terms)),
                        y = to_fixed(w.unembedding, 3, terms, bits_for(terms));
      CHECK((exact(x.error) == 0) == (lowest == -60));
      mpq_class largest = 0;
      for (std::size_t i = 0; i < 3; ++i) {
        mpq_class row = 0;
        for (std::size_t j = 0; j < terms; ++j) row += abs(truth::rational({x.row(i)[j], static_cast<int>(-x.scale)}));
        largest = std::max(largest, row);
      }
      largest += exact(x.error) * terms;
      CHECK(largest <= exact(x.largest_row));
      CHECK(exact(x.largest_row) <= largest * (1 + mpq_class(1, mpz_class(1) << 60)));
      const mpq_class factors = exact(x.largest_row) * exact(y.error) + exact(y.largest_row) * exact(x.error) +
                                exact(x.error) * exact(y.error) * terms;
      CHECK(factors <= exact(product_error(x, y)));
      const FixedMatrix product = multiply_transposed(x, y, bits_for(terms), 1);
      CHECK(exact(product_error(x, y)) + truth::rational({1, static_cast<int>(-product.scale - 1)}) <=
            exact(product.error));
      CHECK(exact(product.error) <= (factors + truth::rational({1, static_cast<int>(-product.scale - 1)})) *
                                        (1 + mpq_class(1, mpz_class(1) << 60)));
    }
  }
}

TEST_CASE("errors of products of products round up") {
  for (unsigned seed = 1; seed <= 400; ++seed) {
    const std::size_t terms = 1 + seed % 5;
    const Weights w = truth::random_weights(2, terms, 53, -80, -50, seed);
    const int bits = bits_for(terms);
    const FixedMatrix e = to_fixed(w.embedding, 2, terms, bits), u = to_fixed(w.unembedding, 2, terms, bits - 20),
                      l = to_fixed(w.linear, terms, terms, bits);
    const FixedMatrix p = multiply_transposed(e, l, bits, 1);
    const mpq_class half = truth::rational({1, static_cast<int>(-p.scale - 1)});
    CHECK(exact(product_error(e, l)) + half <= exact(p.error));
    mpq_class largest = 0;
    for (std::size_t i = 0; i < 2; ++i) {
      mpq_class row = 0;
      for (std::size_t j = 0; j < terms; ++j) row += abs(truth::rational({p.row(i)[j], static_cast<int>(-p.scale)}));
      largest = std::max(largest, row);
    }
    CHECK(largest + exact(p.error) * terms <= exact(p.largest_row));
    const mpq_class error = exact(p.largest_row) * exact(u.error) + exact(u.largest_row) * exact(p.error) +
                            exact(p.error) * exact(u.error) * terms;
    CHECK(error <= exact(product_error(p, u)));
    CHECK(exact(product_error(p, u)) <= error * (1 + mpq_class(1, mpz_class(1) << 60)));
  }
}

TEST_CASE("each term of the error of a product rounds up") {
  std::mt19937_64 random(8);
  const auto draw = [&](Real& x) {
    mpfr_set_uj_2exp(x.get(), random() | 1, -static_cast<long>(random() % 70), MPFR_RNDU);
  };
  for (int i = 0; i < 400; ++i) {
    // Matrices of zeros that stand for others up to an error of 64 bits. One term at a time, the others being zero.
    FixedMatrix x{.rows = 1, .columns = 3, .values = {0, 0, 0}, .scale = 5, .error = Real(), .largest_row = Real()},
        y = x;
    if (i % 4 != 0) draw(x.error);
    if (i % 4 != 1) draw(y.error);
    if (i % 4 < 2) {
      draw(x.largest_row);
      draw(y.largest_row);
    }
    const mpq_class error = exact(x.largest_row) * exact(y.error) + exact(y.largest_row) * exact(x.error) +
                            exact(x.error) * exact(y.error) * 3;
    CHECK(error <= exact(product_error(x, y)));
    const FixedMatrix product = multiply_transposed(x,
                                                    FixedMatrix{.rows = 3,
                                                                .columns = 3,
                                                                .values = std::vector<std::int64_t>(9),
                                                                .scale = 5,
                                                                .error = y.error,
                                                                .largest_row = y.largest_row},
                                                    40, 1);
    CHECK(exact(product.error) * 3 <= exact(product.largest_row));
  }
}

TEST_CASE("weights of ordinary float32 range are held exactly") {
  const Weights w = truth::random_weights(9, 8, 24, -30, -10, 7);
  const FixedMatrix x = to_fixed(w.embedding, 9, 8, bits_for(8));
  CHECK(exact(x.error) == 0);
  const FixedMatrix zero = to_fixed(std::vector<Dyadic>(72, Dyadic{0, 0}), 9, 8, bits_for(8));
  CHECK(exact(zero.error) == 0);
  CHECK(exact(zero.largest_row) == 0);
  const FixedMatrix product = multiply_transposed(zero, zero, bits_for(8), 1);
  CHECK(exact(product.error) == 0);
  CHECK(exact(product.largest_row) == 0);
}
