#include "numbers/elementary.hpp"

#include "numbers/vectors.hpp"

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

} // namespace

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
