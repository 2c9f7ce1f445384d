#include "numbers/elementary.hpp"

#include "numbers/vectors.hpp"

#include <array>
#include <cmath>
#include <cstdlib>

namespace proofmark::elementary {

namespace {

template <class T, class Function>
[[gnu::always_inline]] inline void replace(T* values, Eigen::Index count, const Function& function) {
  with_longest_vectors([=](auto) __attribute__((always_inline)) {
    for (Eigen::Index i = 0; i < count; ++i) values[i] = function(values[i]);
  });
}

// numerator / denominator of a rational function, its leading coefficient first; the denominator's is 1 and left out.
template <std::size_t terms>
double ratio(const std::array<double, terms>& numerator, const std::array<double, terms - 1>& denominator, double x) {
  double above = numerator[0], below = 1;
  for (std::size_t i = 1; i < terms; ++i) {
    above = above * x + numerator[i];
    below = below * x + denominator[i - 1];
  }
  return above / below;
}

// exp(-x²/2), with the square in two parts, so that the large one is exact.
double normal_factor(double x) {
  const double near = std::trunc(x * 16) / 16, rest = (x - near) * (x + near);
  return exp(-near * near / 2) * exp(-rest / 2);
}

// The share above x, for x > 0.67: W. J. Cody, "Rational Chebyshev approximations for the error function", 1969.
double normal_tail(double x) {
  static constexpr std::array middle{1.0765576773720192317e-8, 0.39894151208813466764, 8.8831497943883759412,
                                     93.506656132177855979,    597.27027639480026226,  2494.5375852903726711,
                                     6848.1904505362823326,    11602.651437647350124,  9842.7148383839780218};
  static constexpr std::array middle_below{22.266688044328115691, 235.38790178262499861, 1519.377599407554805,
                                           6485.558298266760755,  18615.571640885098091, 34900.952721145977266,
                                           38912.003286093271411, 19685.429676859990727};
  static constexpr std::array far{0.02307344176494017303, 0.21589853405795699,     0.1274011611602473639,
                                  0.022235277870649807,   0.001421619193227893466, 2.9112874951168792e-5};
  static constexpr std::array far_below{1.28426009614491121, 0.468238212480865118, 0.0659881378689285515,
                                        0.00378239633202758244, 7.29751555083966205e-5};
  static constexpr double root_32 = 0x1.6a09e667f3bcdp+2, inverse_root_2_pi = 0x1.9884533d43651p-2;
  if (x <= root_32) return ratio(middle, middle_below, x) * normal_factor(x);
  const double z = 1 / (x * x);
  return (inverse_root_2_pi - z * ratio(far, far_below, z)) / x * normal_factor(x);
}

} // namespace

// Below 1/2 Lambert's continued fraction, of which ten terms leave nothing.
double tanh(double x) {
  const double size = std::abs(x);
  if (size < 0.5) {
    double fraction = 21;
    for (double odd = 19; odd > 0; odd -= 2) fraction = odd + x * x / fraction;
    return x / fraction;
  }
  const double power = exp(-2 * size);
  return std::copysign((1 - power) / (1 + power), x);
}

double normal_cdf(double x) {
  static constexpr std::array near{0.065682337918207449113, 2.2352520354606839287, 161.02823106855587881,
                                   1067.6894854603709582, 18154.981253343561249};
  static constexpr std::array near_below{47.20258190468824187, 976.09855173777669322, 10260.932208618978205,
                                         45507.789335026729956};
  if (std::isnan(x)) return x;
  if (std::abs(x) <= 0.67448975) return 0.5 + x * ratio(near, near_below, x * x);
  if (std::abs(x) > 38) return x > 0 ? 1 : 0;
  return x > 0 ? 1 - normal_tail(x) : normal_tail(-x);
}

// The logarithm of what 1 + x was rounded to, corrected by what was lost.
double log1p(double x) {
  const double sum = 1 + x;
  return sum == 1 ? x : log(sum) * (x / (sum - 1));
}

double power(double base, std::uint64_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2, base *= base)
    if (exponent % 2 == 1) result *= base;
  return result;
}

double power_of_ten(int exponent) {
  const double magnitude = power(10, static_cast<std::uint64_t>(std::abs(exponent)));
  return exponent < 0 ? 1 / magnitude : magnitude;
}

int decimal_exponent(double x) {
  int e = static_cast<int>(std::floor(log(x) / log(10.0)));
  while (power_of_ten(e) > x) --e;
  while (power_of_ten(e + 1) <= x) ++e;
  return e;
}

void replace_by_exp(float* values, Eigen::Index count) {
  replace(values, count, [](float x) { return exp(x); });
}

void replace_by_exp(double* values, Eigen::Index count) {
  replace(values, count, [](double x) { return exp(x); });
}

void replace_by_log(double* values, Eigen::Index count) {
  replace(values, count, [](double x) { return log(x); });
}

} // namespace proofmark::elementary
