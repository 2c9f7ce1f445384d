#include "fixed_point.hpp"

#include "../number.hpp"
#include "../parallel.hpp"

#include <algorithm>
#include <bit>

namespace verifier::token_sum {
namespace {

// What rounding to nearest on the grid 2^-scale can cost.
mpq_class half_unit(long scale) {
  return times_power_of_two(1, -scale - 1);
}

void set_largest_row(FixedMatrix& matrix) {
  Int128 largest = 0;
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    Int128 total = 0; // at most 4096 values of at most 2^62
    for (std::size_t j = 0; j < matrix.columns; ++j) total += std::abs(matrix.row(i)[j]);
    largest = std::max(largest, total);
  }
  // values stand for X only up to `error`
  matrix.largest_row = times_power_of_two(integer(largest), -matrix.scale) + matrix.columns * matrix.error;
}

} // namespace

int bits_for(std::size_t terms) {
  return (126 - static_cast<int>(std::bit_width(terms))) / 2;
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

mpq_class product_error(const FixedMatrix& x, const FixedMatrix& y) {
  // With X = X' + dX, Y = Y' + dY: XYᵀ - X'Y'ᵀ = X dYᵀ + dX Yᵀ - dX dYᵀ.
  return x.largest_row * y.error + y.largest_row * x.error + x.columns * x.error * y.error;
}

mpq_class largest_product(const FixedMatrix& x, const FixedMatrix& y) {
  std::int64_t largest = 0; // the values that `largest_row` covers times the largest of Y', and the error
  for (const std::int64_t value : y.values) largest = std::max(largest, std::abs(value));
  return x.largest_row * times_power_of_two(largest, -y.scale) + product_error(x, y);
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
  if (shift > 0) matrix.error += half_unit(matrix.scale);
  set_largest_row(matrix);
  return matrix;
}

} // namespace verifier::token_sum
