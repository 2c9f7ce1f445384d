#include "fixed_point.hpp"

#include "../parallel.hpp"

#include <algorithm>
#include <bit>

namespace verifier::token_sum {
namespace {

int bit_length(Int128 x) {
  const auto magnitude = static_cast<Uint128>(x < 0 ? -x : x);
  const auto high = static_cast<std::uint64_t>(magnitude >> 64);
  return high != 0 ? 128 - std::countl_zero(high) : 64 - std::countl_zero(static_cast<std::uint64_t>(magnitude));
}

// x / 2^shift to nearest, 0 <= shift; |x| < 2^126.
std::int64_t shift_right_nearest(Int128 x, long shift) {
  if (shift == 0) return static_cast<std::int64_t>(x);
  if (shift > 127) return 0; // |x / 2^shift| < 1/2
  return static_cast<std::int64_t>((x + (Int128{1} << (shift - 1))) >> shift);
}

// 2^-scale / 2, what rounding to nearest on the grid can cost.
Real half_unit(long scale) {
  Real half;
  mpfr_set_ui_2exp(half.get(), 1, -scale - 1, MPFR_RNDU);
  return half;
}

void set_largest_row(FixedMatrix& matrix) {
  mpfr_set_zero(matrix.largest_row.get(), +1);
  Real sum, term;
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    Int128 total = 0; // at most 4096 values of at most 2^62
    for (std::size_t j = 0; j < matrix.columns; ++j) total += std::abs(matrix.row(i)[j]);
    mpfr_set_uj_2exp(sum.get(), static_cast<std::uint64_t>(total >> 62), 62 - matrix.scale, MPFR_RNDU);
    mpfr_set_uj_2exp(term.get(), static_cast<std::uint64_t>(total & ((Int128{1} << 62) - 1)), -matrix.scale, MPFR_RNDU);
    mpfr_add(sum.get(), sum.get(), term.get(), MPFR_RNDU);
    if (mpfr_less_p(matrix.largest_row.get(), sum.get())) mpfr_set(matrix.largest_row.get(), sum.get(), MPFR_RNDU);
  }
  // values stand for X only up to `error`
  mpfr_mul_ui(term.get(), matrix.error.get(), matrix.columns, MPFR_RNDU);
  mpfr_add(matrix.largest_row.get(), matrix.largest_row.get(), term.get(), MPFR_RNDU);
}

} // namespace

int bits_for(std::size_t terms) {
  return std::min(62, (126 - static_cast<int>(std::bit_width(terms))) / 2);
}

FixedMatrix to_fixed(const std::vector<Dyadic>& numbers, std::size_t rows, std::size_t columns, int bits) {
  FixedMatrix matrix;
  matrix.rows = rows;
  matrix.columns = columns;
  matrix.values.resize(numbers.size());
  bool any = false;
  long top = 0; // every |number| < 2^top
  for (const Dyadic& x : numbers) {
    if (x.mantissa == 0) continue;
    const long length = bit_length(x.mantissa) + x.exponent;
    top = any ? std::max(top, length) : length;
    any = true;
  }
  matrix.scale = any ? bits - top : 0;
  bool exact = true;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto [mantissa, exponent] = numbers[i];
    const long shift = exponent + matrix.scale;
    if (mantissa == 0 || shift >= 0) {
      matrix.values[i] = mantissa == 0 ? 0 : mantissa * (std::int64_t{1} << shift); // below 2^bits in absolute value
    } else {
      matrix.values[i] = shift_right_nearest(mantissa, -shift);
      exact = exact && std::countr_zero(static_cast<std::uint64_t>(mantissa)) >= -shift;
    }
  }
  if (!exact) matrix.error = half_unit(matrix.scale);
  set_largest_row(matrix);
  return matrix;
}

Int128 inner_product(const std::int64_t* x, const std::int64_t* y, std::size_t terms) {
  Int128 sum = 0;
  for (std::size_t j = 0; j < terms; ++j) sum += Int128{x[j]} * y[j];
  return sum;
}

Real product_error(const FixedMatrix& x, const FixedMatrix& y) {
  // With X = X' + dX, Y = Y' + dY: XYᵀ - X'Y'ᵀ = X dYᵀ + dX Yᵀ - dX dYᵀ.
  Real error, term;
  mpfr_mul(error.get(), x.largest_row.get(), y.error.get(), MPFR_RNDU);
  mpfr_mul(term.get(), y.largest_row.get(), x.error.get(), MPFR_RNDU);
  mpfr_add(error.get(), error.get(), term.get(), MPFR_RNDU);
  mpfr_mul(term.get(), x.error.get(), y.error.get(), MPFR_RNDU);
  mpfr_mul_ui(term.get(), term.get(), x.columns, MPFR_RNDU);
  mpfr_add(error.get(), error.get(), term.get(), MPFR_RNDU);
  return error;
}

FixedMatrix multiply_transposed(const FixedMatrix& x, const FixedMatrix& y, int bits, unsigned threads) {
  std::vector<Int128> products(x.rows * y.rows);
  for_each_index(x.rows, threads, [&] {
    return [&](std::size_t i) {
      for (std::size_t j = 0; j < y.rows; ++j) products[i * y.rows + j] = inner_product(x.row(i), y.row(j), x.columns);
    };
  });
  int length = 0;
  for (const Int128 product : products) length = std::max(length, bit_length(product));
  const long shift = std::max(0, length - bits);

  FixedMatrix matrix;
  matrix.rows = x.rows;
  matrix.columns = y.rows;
  matrix.scale = x.scale + y.scale - shift;
  matrix.values.resize(products.size());
  for (std::size_t i = 0; i < products.size(); ++i) matrix.values[i] = shift_right_nearest(products[i], shift);
  matrix.error = product_error(x, y);
  if (shift > 0) mpfr_add(matrix.error.get(), matrix.error.get(), half_unit(matrix.scale).get(), MPFR_RNDU);
  set_largest_row(matrix);
  return matrix;
}

} // namespace verifier::token_sum
