#include "exact_widths.hpp"

#include "exact_product.hpp"

#include "../number.hpp"

#include <algorithm>
#include <bit>

namespace verifier::token_sum {
namespace {

constexpr long finest_grid = 48, coarsest_grid = 45; // F

// The least k with x < 2^k, x > 0.
long exponent_above(const mpq_class& x) {
  const auto bits = [](const mpz_class& m) { return static_cast<long>(mpz_sizeinbase(m.get_mpz_t(), 2)); };
  const long k = bits(x.get_num()) - bits(x.get_den()); // 2^(k-1) < x < 2^(k+1)
  return x < times_power_of_two(1, k) ? k : k + 1;
}

mpq_class power(const mpq_class& x, std::uint64_t k) {
  mpq_class result;
  mpz_pow_ui(result.get_num_mpz_t(), x.get_num_mpz_t(), k);
  mpz_pow_ui(result.get_den_mpz_t(), x.get_den_mpz_t(), k); // still without a common factor
  return result;
}

// The least multiple of 2^-100 that is no less than x: keeps powers short.
mpq_class rounded_up(const mpq_class& x) {
  const mpq_class multiple = x * times_power_of_two(1, 100);
  mpz_class ceiling;
  mpz_cdiv_q(ceiling.get_mpz_t(), multiple.get_num_mpz_t(), multiple.get_den_mpz_t());
  return times_power_of_two(ceiling, -100);
}

mpq_class one_plus_power_of_two(long exponent) {
  return 1 + times_power_of_two(1, exponent);
}

} // namespace

std::optional<LogitGrid> choose_grid(const mpq_class& error, const mpq_class& largest_logit, std::uint64_t context) {
  long places = finest_grid;
  if (error > 0) places = std::min(places, -exponent_above(error) - 1); // e < 1/2
  if (largest_logit > 0)                                                // n · |M| · 2^F < 2^60
    places = std::min(places, 60 - static_cast<long>(std::bit_width(context)) - exponent_above(largest_logit));
  if (places < coarsest_grid) return {};
  return LogitGrid{places, rounded_up(1 + 2 * error * times_power_of_two(1, places))};
}

std::optional<std::uint32_t> choose_depth(std::int64_t most_steps, const LogitGrid& grid, std::uint64_t context) {
  // exp(-x) = 2^(-x log2 e) with log2 e < 1.443
  const std::int64_t nats = (most_steps >> grid.places) + 1, depth = nats * 1443 / 1000 + 2;
  if (depth * static_cast<std::int64_t>(context) > largest_position) return {};
  return static_cast<std::uint32_t>(depth);
}

mpq_class ratio_of_words(const LogitGrid& grid, unsigned long roundings) {
  // exp(x) <= 1 + x + x² for 0 <= x <= 1; the table's roundings; the rounding to 48 bits
  const mpq_class x = grid.slack * times_power_of_two(1, -grid.places);
  return rounded_up((1 + x + x * x) * power(one_plus_power_of_two(-63), roundings) * one_plus_power_of_two(-47));
}

std::vector<Real> shrink_factors(const mpq_class& ratio, std::uint64_t context) {
  std::vector<Real> factors;
  for (std::uint64_t rest = 0; rest < context; ++rest) {
    // rest + 1 words of A; rest - 1 products rounded to 48 bits; the inner product, within 2^-80, and its two roundings
    const mpq_class factor = power(ratio, rest + 1) *
                             power(one_plus_power_of_two(-47), std::max<std::uint64_t>(rest, 1) - 1) *
                             one_plus_power_of_two(-80) * power(one_plus_power_of_two(-63), 2);
    mpfr_set_q(factors.emplace_back().get(), mpq_class(1 / factor).get_mpq_t(), MPFR_RNDD);
  }
  return factors;
}

std::int64_t undecided_margin(const LogitGrid& grid, std::uint64_t context) {
  const mpq_class margin = context * grid.slack;
  mpz_class ceiling;
  mpz_cdiv_q(ceiling.get_mpz_t(), margin.get_num_mpz_t(), margin.get_den_mpz_t());
  return ceiling.get_si();
}

} // namespace verifier::token_sum
