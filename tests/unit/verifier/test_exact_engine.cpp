// What the exact engine's lower ends rest on, against the formulas of docs/numerics.md, section 3, without any tolerance.
#include "number.hpp"
#include "reason.hpp"
#include "token_sum/exact_product.hpp"
#include "token_sum/exact_widths.hpp"
#include "token_sum/exponentials.hpp"
#include "token_sum/tables.hpp"
#include "truth.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace verifier;
using namespace verifier::token_sum;
using truth::Big;

namespace {

const mpq_class last_bit = times_power_of_two(1, -63);

mpq_class power(const mpq_class& x, std::uint64_t k) {
  mpq_class result = 1;
  for (std::uint64_t i = 0; i < k; ++i) result *= x;
  return result;
}

// exp(-n · 2^-grid)
mpq_class exponential(std::int64_t n, long grid) {
  return exp(Big(times_power_of_two(-n, -grid))).rational();
}

mpq_class value(std::uint64_t word, std::uint32_t depth) {
  return times_power_of_two(significand(word), static_cast<long>(position(word)) - static_cast<long>(depth) - 47);
}

Real nearest(const mpq_class& x, mpfr_rnd_t direction) {
  Real result;
  mpfr_set_q(result.get(), x.get_mpq_t(), direction);
  return result;
}

} // namespace

TEST_CASE("exponentials are never below the truth, and at most their stated roundings above it") {
  std::mt19937_64 random(11);
  for (int bits = 0; bits <= 62; ++bits) {
    const std::int64_t largest = (std::int64_t{1} << bits) - 1;
    for (const long grid : {45L, 48L}) {
      const ExponentialTable table(largest, grid);
      // Digits of 11 bits: one for zero, as many as the largest number has.
      CHECK(table.roundings() == 2 * std::max(1ul, (static_cast<unsigned long>(bits) + 10) / 11) - 1);
      const mpq_class most = power(1 + last_bit, table.roundings());
      Real y;
      for (int i = 0; i < 40; ++i) {
        const std::int64_t n = i == 0 ? largest
                               : i == 1
                                   ? 0
                                   : static_cast<std::int64_t>(random() % (static_cast<std::uint64_t>(largest) + 1));
        if (n >> grid > 200) continue; // Big has 400 bits
        table.evaluate(n, y);
        const mpq_class truth = exponential(n, grid);
        CHECK(truth <= exact(y));
        CHECK(exact(y) <= truth * most);
      }
    }
  }
}

TEST_CASE("a word is the least of 48 bits that is no less than the number, and there is none outside (2^-depth, 1]") {
  std::mt19937_64 random(12);
  Real y, rounded(significand_bits);
  const auto check = [&](std::uint32_t depth) {
    const std::uint64_t word = word_from_above(y, depth, rounded);
    CHECK((significand(word) >> 47) == 1);
    CHECK(exact(y) <= value(word, depth));
    CHECK((value(word, depth) - exact(y)) * power(2, 47) < exact(y));
  };
  for (int i = 0; i < 2000; ++i) {
    const long exponent = -static_cast<long>(random() % 60);
    mpfr_set_uj_2exp(y.get(), random() | std::uint64_t{1} << 63, exponent - 64, MPFR_RNDD);
    check(60 + i % 5);
  }
  mpfr_set_ui(y.get(), 1, MPFR_RNDD);
  check(0);
  check(9);
  mpfr_set_ui_2exp(y.get(), 1, -9, MPFR_RNDD);
  check(9);
  CHECK_THROWS_AS(check(8), Failure);
  mpfr_set_ui(y.get(), 2, MPFR_RNDD);
  CHECK_THROWS_AS(check(9), Failure);
}

TEST_CASE("the grid of the logits: fine enough for the error, coarse enough for their sums") {
  std::mt19937_64 random(13);
  const auto draw = [&](long exponent) { // in [2^(exponent-1), 2^exponent), often at its ends
    const std::uint64_t m = random() % 3 == 0 ? 0 : random() % 3 == 1 ? UINT64_MAX : random();
    return mpq_class(
        times_power_of_two(mpz_class(static_cast<unsigned long>(m | std::uint64_t{1} << 63)), exponent - 64));
  };
  int coarse = 0;
  for (int i = 0; i < 4000; ++i) {
    mpq_class error = i % 5 == 0 ? mpq_class(0) : draw(-44 - static_cast<long>(random() % 12));
    if (i % 5 > 2) error += times_power_of_two(1, -200); // beyond the bits of the slack
    const mpq_class logit = i % 7 == 0 ? mpq_class(0) : draw(static_cast<long>(random() % 22) - 6);
    const std::uint64_t n = i % 2 == 0 ? 1ull << (random() % 7) : 1 + random() % 64;
    const auto fits = [&](long places) { // the powers of two above n, |M| and e decide
      const auto above = [](const mpq_class& x) {
        mpq_class p = times_power_of_two(1, -200);
        while (p <= x) p *= 2;
        return p;
      };
      const mpq_class unit = times_power_of_two(1, places);
      return (error == 0 || above(error) * unit <= mpq_class(1, 2)) &&
             (logit == 0 || above(logit) * above(n) * unit <= times_power_of_two(1, 60));
    };
    const auto grid = choose_grid(error, logit, n);
    coarse += !grid;
    if (!grid) {
      CHECK(!fits(45));
      continue;
    }
    CHECK(grid->places >= 45);
    CHECK(grid->places <= 48);
    CHECK(fits(grid->places));
    CHECK((grid->places == 48 || !fits(grid->places + 1)));
    const mpq_class slack = 1 + 2 * error * times_power_of_two(1, grid->places);
    CHECK(slack <= grid->slack);
    CHECK(grid->slack < slack + times_power_of_two(1, -100));
    CHECK(grid->slack <= 2);
    // What surely decides an input exceeds n · slack, rounded up.
    const std::int64_t margin = undecided_margin(*grid, n);
    CHECK(margin >= n * grid->slack);
    CHECK(margin - 1 < n * grid->slack);
  }
  CHECK(coarse > 100);
  CHECK(choose_grid(0, 0, 1)->places == 48);
  CHECK(choose_grid(0, 0, 1)->slack == 1);
}

TEST_CASE("positions: as deep as the logits reach, and at most 16 bits of them for products") {
  const LogitGrid grid{45, 1};
  const auto steps = [](std::int64_t nats) { return nats << 45; };
  for (std::int64_t nats = 0; nats <= 22000; nats += 1 + nats / 3) {
    const auto depth = choose_depth(steps(nats) + 5, grid, 1); // less than nats + 1
    REQUIRE(depth);
    CHECK(*depth == 1443 * (nats + 1) / 1000 + 2);
    CHECK(exp(Big(static_cast<int>(nats + 1))) < Big(mpq_class(power(2, *depth)))); // exp(-nats - 1) > 2^-depth
  }
  CHECK(*choose_depth(steps(45414), grid, 1) == 65535);
  CHECK_FALSE(choose_depth(steps(45415), grid, 1));
  CHECK(*choose_depth(steps(22706), grid, 1) == 32768);
  CHECK_FALSE(choose_depth(steps(22706), grid, 2)); // 65536
  CHECK(choose_depth(steps(22705), grid, 2));
}

TEST_CASE("words are within their ratio, and inner products within their shrink") {
  for (const LogitGrid& grid : {LogitGrid{48, 1}, LogitGrid{45, mpq_class(3, 2)}, LogitGrid{47, 2}}) {
    for (const unsigned long roundings : {1ul, 3ul, 11ul}) {
      const mpq_class ratio = ratio_of_words(grid, roundings);
      const mpq_class slack = exp(Big(mpq_class(grid.slack * times_power_of_two(1, -grid.places)))).rational();
      const mpq_class truth = slack * power(1 + last_bit, roundings) * (1 + times_power_of_two(1, -47));
      CHECK(truth <= ratio);
      CHECK(ratio <= truth + times_power_of_two(1, -86)); // 1 + x + x² for exp(x)
      for (const std::uint64_t context : {1u, 2u, 3u, 64u}) {
        const std::vector<Real> shrink = shrink_factors(ratio, context);
        REQUIRE(shrink.size() == context);
        for (std::uint64_t r = 0; r < context; ++r) {
          mpq_class factor = power(ratio, r + 1) * power(1 + last_bit, 2) * (1 + times_power_of_two(1, -80));
          if (r > 1) factor *= power(1 + times_power_of_two(1, -47), r - 1);
          CHECK(exact(shrink[r]) <= 1 / factor);
          CHECK(exact(shrink[r]) == exact(nearest(1 / factor, MPFR_RNDD)));
        }
      }
    }
  }
}

TEST_CASE("sums of 112 bits are rounded up to 64") {
  std::mt19937_64 random(14);
  Real z;
  for (int i = 0; i < 1000; ++i) {
    const Uint128 sum = (Uint128{random()} << 64 | random()) >> (16 + random() % 33);
    const std::uint32_t position = static_cast<std::uint32_t>(random() % 1000);
    const std::int64_t bias = static_cast<std::int64_t>(random() % 2000);
    round_up(z, {sum, position}, bias);
    const mpz_class high(static_cast<unsigned long>(sum >> 64)), low(static_cast<unsigned long>(sum));
    const mpq_class truth =
        times_power_of_two((high << 64) + low, static_cast<long>(position) - static_cast<long>(bias));
    CHECK(exact(z) == exact(nearest(truth, MPFR_RNDU)));
  }
}

TEST_CASE("an input counts as correct only when the label leads by more than the margin") {
  // V = 2, d = 1: the logit of output 1 leads that of 0 by `lead` units of the grid 2^-48, for token 1.
  for (int lead = -4; lead <= 4; ++lead) {
    const Weights w{2, 1, {{0, 0}, {1, 0}}, {{1, 0}}, {{0, 0}, {lead, -48}}};
    for (const std::uint64_t n : {1u, 2u}) {
      const auto tables = make_exact_tables(w, n, 1);
      REQUIRE(tables);
      const auto rows = tables->rows();
      if (n == 2) rows->push(1);
      const Row row = rows->row(1, 2, 1, true);
      const int sum = lead * static_cast<int>(n), margin = static_cast<int>(n) + 1; // slack is a little above 1
      const bool leads = sum > margin;
      CHECK(row.correct == leads);
      const bool open = sum <= margin && sum > -margin;
      CHECK(row.undecided == open);
      CHECK(rows->row(1, 2, 1, false).correct == 0);
      CHECK(rows->row(1, 2, 1, false).undecided == 0);
    }
  }
}

TEST_CASE("positions beyond 16 bits are an internal error, never wrapped") {
  const std::vector<std::uint64_t> x = {pack(std::uint64_t{1} << 47, 65000)};
  std::vector<std::uint64_t> out(1);
  for (const std::uint32_t other : {535u, 536u}) {
    const std::vector<std::uint64_t> y = {pack(std::uint64_t{1} << 47, other)};
    const auto product = [&] { return multiply({x, 65000, 65000}, {y, other, other}, out); };
    if (other == 535)
      CHECK(product().highest == largest_position);
    else
      CHECK_THROWS_AS(product(), Failure);
  }
  CHECK(largest_position == 65535);
}

TEST_CASE("what the exact engine cannot hold it leaves to the reference engine") {
  const auto fits = [](std::int64_t logit, std::uint64_t n) { // logits of token 1: -logit and logit
    const Weights w{2, 1, {{0, 0}, {1, 0}}, {{1, 0}}, {{-logit, 0}, {logit, 0}}};
    return make_exact_tables(w, n, 1) != nullptr;
  };
  CHECK(fits(8000, 2));
  CHECK_FALSE(fits(8000, 3)); // three times 23091 positions
  CHECK(fits(7000, 3));
  CHECK(fits(8191, 2));
  CHECK_FALSE(fits(8192, 2)); // the grid would be coarser than 2^-45
}
