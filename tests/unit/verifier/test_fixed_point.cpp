#include "number.hpp"
#include "token_sum/fixed_point.hpp"
#include "truth.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace verifier;
using namespace verifier::token_sum;

namespace {

Int128 power_of_two(int k) {
  return Int128{1} << k;
}

mpq_class abs_row(const FixedMatrix& x, std::size_t i) {
  mpq_class row = 0;
  for (std::size_t j = 0; j < x.columns; ++j) row += abs(truth::rational({x.row(i)[j], static_cast<int>(-x.scale)}));
  return row;
}

} // namespace

TEST_CASE("integers of 128 bits: lengths, quotients and values, at every power of two and beside it") {
  for (int k = 0; k < 126; ++k)
    for (const int by : {-1, 0, 1})
      for (const int sign : {-1, 1}) {
        const Int128 x = sign * (power_of_two(k) + by);
        const mpz_class value = sign * (mpz_class(mpz_class(1) << k) + by);
        CHECK(integer(x) == value);
        const mpz_class magnitude = abs(value);
        CHECK(bit_length(x) == (magnitude == 0 ? 0 : static_cast<int>(mpz_sizeinbase(magnitude.get_mpz_t(), 2))));
        for (long shift = -4; shift <= 131; ++shift) {
          const mpq_class quotient = times_power_of_two(value, -shift), shifted_up = quotient + mpq_class(1, 2);
          mpz_class ceiling, nearest; // halves up
          mpz_cdiv_q(ceiling.get_mpz_t(), quotient.get_num_mpz_t(), quotient.get_den_mpz_t());
          mpz_fdiv_q(nearest.get_mpz_t(), shifted_up.get_num_mpz_t(), shifted_up.get_den_mpz_t());
          if (abs(ceiling) < mpz_class(1) << 62) CHECK(ceiling_of_quotient(x, shift) == ceiling);
          if (shift >= 0 && abs(nearest) < mpz_class(1) << 62) CHECK(shift_right_nearest(x, shift) == nearest);
        }
      }
  CHECK(ceiling_of_quotient(0, 1000000) == 0);
  CHECK(ceiling_of_quotient(0, -1000000) == 0);
  CHECK(ceiling_of_quotient(1, 1000000) == 1);
  CHECK(ceiling_of_quotient(-1, 1000000) == 0);
  CHECK(shift_right_nearest(-1, 1000000) == 0);
}

TEST_CASE("inner products stay below 2^126, with as many bits as that allows") {
  for (std::size_t terms = 1; terms <= 16384; terms += 1 + terms / 7) {
    const int bits = bits_for(terms);
    CHECK(mpz_class(mpz_class(terms) << (2 * bits)) < mpz_class(1) << 126);
    CHECK(2 * (bits + 1) + static_cast<int>(std::bit_width(terms)) > 126);
    CHECK(bits <= 62);
  }
}

TEST_CASE("weights take the finest grid on which they fit, and are exact there whenever they can be") {
  const auto held = [](std::vector<Dyadic> numbers, int bits) {
    const std::size_t count = numbers.size();
    return to_fixed(numbers, 1, count, bits);
  };
  const FixedMatrix a = held({{5, -3}, {-7, 0}, {0, 0}}, 10); // below 2^3: 7 bits are left for fractions
  CHECK(a.scale == 7);
  CHECK(a.values == std::vector<std::int64_t>{5 << 4, -7 << 7, 0});
  CHECK(a.error == 0);
  CHECK(a.largest_row == 7 + mpq_class(5, 8));
  CHECK(held({{0, 0}, {1, -40}}, 10).scale == 49); // zeros and their exponents do not count
  CHECK(held({{0, 90}, {1, -40}}, 10).scale == 49);
  CHECK(held({{0, 7}, {0, -7}}, 10).values == std::vector<std::int64_t>{0, 0});
  // The last bit on the grid, one below it, and half a unit.
  CHECK(held({{1, 2}, {3, -7}}, 10).error == 0);
  CHECK(held({{1, 2}, {3, -8}}, 10).error == mpq_class(1, 1 << 8));
  CHECK(held({{1, 2}, {2, -8}}, 10).error == 0);
  CHECK(held({{1, 2}, {3, -8}}, 10).values == std::vector<std::int64_t>{1 << 9, 2});
  CHECK(held({{1, 2}, {-3, -8}}, 10).values == std::vector<std::int64_t>{1 << 9, -1});
  CHECK(held({{1, 2}, {3, -8}}, 10).largest_row == 4 + mpq_class(2, 1 << 7) + 2 * mpq_class(1, 1 << 8));
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
      CHECK(abs(stands_for(x, i) - truth::rational(w.embedding[i])) <= x.error);
    const FixedMatrix product = multiply_transposed(x, y, bits, 2);
    for (std::size_t a = 0; a < rows; ++a) {
      mpq_class row = 0;
      for (std::size_t j = 0; j < terms; ++j) row += abs(truth::rational(w.embedding[a * terms + j]));
      CHECK(row <= x.largest_row);
      for (std::size_t k = 0; k < other; ++k) {
        mpq_class truth_value = 0;
        for (std::size_t j = 0; j < terms; ++j)
          truth_value += truth::rational(w.embedding[a * terms + j]) * truth::rational(ys[k * terms + j]);
        CHECK(abs(stands_for(product, a * other + k) - truth_value) <= product.error);
      }
    }
  }
}

TEST_CASE("errors and largest rows are exactly what the formulas give") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const std::size_t terms = 1 + seed * 7;
    // Held exactly, 58 bits each; then with a wide range, where most are rounded.
    for (const int lowest : {-60, -90}) {
      const Weights w = truth::random_weights(3, terms, 58, lowest, -60, seed);
      const FixedMatrix x = to_fixed(w.embedding, 3, terms, bits_for(terms)),
                        y = to_fixed(w.unembedding, 3, terms, bits_for(terms));
      if (terms > 8) CHECK((x.error == 0) == (lowest == -60));
      CHECK((x.error == 0 || x.error == times_power_of_two(1, -x.scale - 1)));
      const mpq_class largest = std::max({abs_row(x, 0), abs_row(x, 1), abs_row(x, 2)});
      CHECK(x.largest_row == largest + x.error * terms);
      const mpq_class error = x.largest_row * y.error + y.largest_row * x.error + x.error * y.error * terms;
      CHECK(product_error(x, y) == error);
      mpq_class factor = 0;
      for (const std::int64_t value : y.values)
        factor = std::max(factor, mpq_class(abs(truth::rational({value, static_cast<int>(-y.scale)}))));
      CHECK(largest_product(x, y) == x.largest_row * factor + error);
      const int bits = bits_for(terms);
      const FixedMatrix product = multiply_transposed(x, y, bits, 1);
      const bool shifted = product.scale != x.scale + y.scale;
      CHECK(product.error == error + (shifted ? times_power_of_two(1, -product.scale - 1) : mpq_class(0)));
      const std::int64_t greatest =
          std::abs(*std::ranges::max_element(product.values, {}, [](auto v) { return std::abs(v); }));
      CHECK(greatest <= std::int64_t{1} << bits);
      CHECK(greatest >= std::int64_t{1} << (bits - 1)); // no grid is finer
      REQUIRE(product.rows == 3);
      REQUIRE(product.columns == 3);
      CHECK(product.largest_row ==
            std::max({abs_row(product, 0), abs_row(product, 1), abs_row(product, 2)}) + 3 * product.error);
    }
  }
}

TEST_CASE("a product that fits is not rounded") {
  const FixedMatrix x = to_fixed({{3, 0}, {1, 0}}, 2, 1, 3), y = to_fixed({{1, 0}}, 1, 1, 3);
  CHECK(multiply_transposed(x, y, 20, 1).error == 0);
  CHECK(multiply_transposed(x, y, 20, 1).scale == x.scale + y.scale);
}

TEST_CASE("weights of ordinary float32 range are held exactly") {
  const Weights w = truth::random_weights(9, 8, 24, -30, -10, 7);
  const FixedMatrix x = to_fixed(w.embedding, 9, 8, bits_for(8));
  CHECK(x.error == 0);
  const FixedMatrix zero = to_fixed(std::vector<Dyadic>(72, Dyadic{0, 0}), 9, 8, bits_for(8));
  CHECK(zero.error == 0);
  CHECK(zero.largest_row == 0);
  const FixedMatrix product = multiply_transposed(zero, zero, bits_for(8), 1);
  CHECK(product.error == 0);
  CHECK(product.largest_row == 0);
}
