// Exponentials, logarithms and powers made of IEEE additions, multiplications and divisions alone, so that they have the same
// bits on every processor. The C library's do not: it chooses among several by what the processor has.
//
// Errors are below 2 units in the last place (log1p, tanh, normal_cdf and power: see there). Tests compare them with MPFR.
#pragma once

#include <Eigen/Core>

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace proofmark::elementary {

// With x = k ln 2 + r, |r| <= ln(2)/2: 2^k times the Taylor polynomial of exp(r), whose rest is below 2^-57 (float: 2^-27).
// The loops of replace_by_exp are compiled into vector instructions, so there are no branches.
template <class T>
inline T exp(T x) {
  constexpr bool wide = std::is_same_v<T, double>;
  using Bits = std::conditional_t<wide, std::uint64_t, std::uint32_t>;
  constexpr int digits = std::numeric_limits<T>::digits - 1, bias = std::numeric_limits<T>::max_exponent - 1;
  constexpr T least = wide ? -746 : -104, most = wide ? 710 : 89;        // beyond these: 0 and infinity
  constexpr T integers = T(3) * static_cast<T>(Bits(1) << (digits - 1)); // what is added to it becomes an integer
  constexpr T ln2_high = wide ? 0x1.62e42feep-1 : 0x1.63p-1,             // times k: exact
      ln2_low = wide ? 0x1.a39ef35793c76p-33 : -0x1.bd0106p-13;
  x = x < least ? least : x;
  x = x > most ? most : x;
  const T shifted = x * static_cast<T>(0x1.71547652b82fep0) + integers, k = shifted - integers;
  const T r = (x - k * ln2_high) - k * ln2_low;
  const T square = r * r; // even and odd terms apart: two shorter chains of operations
  T even = T(1) / 720, odd = T(1) / 5040;
  if constexpr (wide) {
    even = ((T(1) / 479001600 * square + T(1) / 3628800) * square + T(1) / 40320) * square + even;
    odd = ((T(1) / 6227020800 * square + T(1) / 39916800) * square + T(1) / 362880) * square + odd;
  }
  even = (even * square + T(1) / 24) * square + T(1) / 2;
  odd = (odd * square + T(1) / 120) * square + T(1) / 6;
  const T sum = 1 + (r + square * (even + r * odd));
  // 2^k as two factors, since it may be out of range where the product is not.
  const Bits both = std::bit_cast<Bits>(shifted) - std::bit_cast<Bits>(integers) + 2 * bias, one = both / 2;
  return sum * std::bit_cast<T>(one << digits) * std::bit_cast<T>((both - one) << digits);
}

// With x = 2^k (1 + f) between sqrt(1/2) and sqrt(2), s = f / (2 + f): ln(1 + f) = 2 (s + s^3/3 + s^5/5 + ..), the first term
// taken apart as f - f²/2 + s f²/2. After the last term the rest is below 2^-60.
inline double log(double x) {
  constexpr double infinity = std::numeric_limits<double>::infinity(), ln2_high = 0x1.62e42feep-1,
                   ln2_low = 0x1.a39ef35793c76p-33;
  constexpr std::uint64_t one = 0x3ff0000000000000, root_half = 0x3fe6a09e00000000;
  const bool small = x < std::numeric_limits<double>::min();
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(small ? x * 0x1p54 : x) + (one - root_half);
  const double k = std::bit_cast<double>((bits >> 52) | 0x4330000000000000) - (0x1p52 + 1023 + (small ? 54 : 0));
  const double f = std::bit_cast<double>((bits & 0x000fffffffffffff) + root_half) - 1;
  const double s = f / (2 + f), z = s * s, half_square = 0.5 * f * f;
  const double square = z * z;
  double even = 2.0 / 23, odd = 2.0 / 21; // of the sum over z
  even = ((even * square + 2.0 / 19) * square + 2.0 / 15) * square + 2.0 / 11;
  odd = ((odd * square + 2.0 / 17) * square + 2.0 / 13) * square + 2.0 / 9;
  even = (even * square + 2.0 / 7) * square + 2.0 / 3;
  odd = odd * square + 2.0 / 5;
  const double sum = even + z * odd;
  const double result = k * ln2_high - ((half_square - (s * (half_square + z * sum) + k * ln2_low)) - f);
  const double outside = x == 0 ? -infinity : x > 0 ? x : std::numeric_limits<double>::quiet_NaN();
  return x > 0 && x < infinity ? result : outside;
}

// ln(1 + x), x at least 0 and finite; off by less than 4 units in the last place.
double log1p(double x);

// The hyperbolic tangent; off by less than 4 units in the last place.
double tanh(double x);

// How much of the normal distribution with mean 0 and variance 1 lies below x; off by less than 8 units in the last place, and
// 0 below -38.
double normal_cdf(double x);

// base^exponent, by squaring: exact where the result is a small integer.
double power(double base, std::uint64_t exponent);

double power_of_ten(int exponent);

// The largest e with 10^e <= x, for x > 0 and finite.
int decimal_exponent(double x);

// All of an array, on vectors.
void replace_by_exp(float* values, Eigen::Index count);
void replace_by_exp(double* values, Eigen::Index count);
void replace_by_log(double* values, Eigen::Index count);

// Of each element of an expression.
template <class Expression>
typename Expression::PlainObject exp_of(const Eigen::DenseBase<Expression>& x) {
  typename Expression::PlainObject values = x;
  replace_by_exp(values.data(), values.size());
  return values;
}

template <class Expression>
typename Expression::PlainObject log_of(const Eigen::DenseBase<Expression>& x) {
  typename Expression::PlainObject values = x;
  replace_by_log(values.data(), values.size());
  return values;
}

} // namespace proofmark::elementary
