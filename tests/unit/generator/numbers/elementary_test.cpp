#include "numbers/elementary.hpp"
#include "numbers/interval.hpp"

#include <doctest/doctest.h>
#include <mpfr.h>

#include <cmath>
#include <random>
#include <vector>

using namespace proofmark;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// How far a result is off, in units of its last place (T has `digits`).
template <class T>
double units(T result, const Interval& exact) {
  const double value = result, unit = std::ldexp(1.0, std::ilogb(value) - std::numeric_limits<T>::digits + 1);
  return upper_double(max(enclose(value) - exact, exact - enclose(value)) / enclose(unit));
}

} // namespace

TEST_CASE("exponentials, logarithms and powers are within two units in the last place") {
  std::mt19937_64 random(1);
  const auto within = [&](double limit) { return limit * (static_cast<double>(random() >> 11) * 0x1p-52 - 1); };
  for (int i = 0; i < 20000; ++i) {
    const double x = within(i % 2 ? 700 : 1e-2);
    CHECK(units(elementary::exp(x), exp(enclose(x))) < 2);
    const auto y = static_cast<float>(within(i % 2 ? 86 : 1));
    CHECK(units(elementary::exp(y), exp(enclose(y))) < 2);
    const double z = i % 3 == 0 ? 1 + x / 700 : elementary::exp(x);
    if (z > 0 && z != 1) CHECK(units(elementary::log(z), log(enclose(z))) < 2);
    const double w = std::abs(within(i % 2 ? 10 : 1e-8));
    if (w > 0) CHECK(units(elementary::log1p(w), log(enclose(1) + enclose(w))) < 4);
  }
  CHECK(elementary::power(3, 20) == 3486784401);
  CHECK(elementary::power(0, 0) == 1);
  CHECK(elementary::power(0.5, 1074) == 0x1p-1074);
}

// Of the normal distribution: by MPFR's erfc, at 120 bits, which is more than the doubles need.
TEST_CASE("hyperbolic tangents are within 4 units, the normal distribution within 8") {
  std::mt19937_64 random(2);
  mpfr_t number, root;
  mpfr_inits2(120, number, root, static_cast<mpfr_ptr>(nullptr));
  mpfr_sqrt_ui(root, 2, MPFR_RNDN);
  const auto off = [&](double result) { // units in the last place
    const double unit = std::ldexp(1.0, std::ilogb(result) - 52);
    mpfr_sub_d(number, number, result, MPFR_RNDN);
    return std::abs(mpfr_get_d(number, MPFR_RNDN)) / unit;
  };
  for (int i = 0; i < 40000; ++i) {
    const double size = i % 4 == 0 ? 1e-3 : i % 4 == 1 ? 1 : i % 4 == 2 ? 8 : 37;
    const double x = size * (static_cast<double>(random() >> 11) * 0x1p-52 - 1);
    mpfr_set_d(number, x, MPFR_RNDN);
    mpfr_tanh(number, number, MPFR_RNDN);
    CHECK(off(elementary::tanh(x)) < 4);
    mpfr_set_d(number, -x, MPFR_RNDN);
    mpfr_div(number, number, root, MPFR_RNDN);
    mpfr_erfc(number, number, MPFR_RNDN);
    mpfr_div_2ui(number, number, 1, MPFR_RNDN);
    CHECK(off(elementary::normal_cdf(x)) < 8);
  }
  mpfr_clears(number, root, static_cast<mpfr_ptr>(nullptr));
  CHECK(elementary::tanh(infinity) == 1);
  CHECK(elementary::tanh(-infinity) == -1);
  CHECK(elementary::tanh(0) == 0);
  CHECK(std::isnan(elementary::tanh(std::nan(""))));
  CHECK(elementary::normal_cdf(infinity) == 1);
  CHECK(elementary::normal_cdf(-infinity) == 0);
  CHECK(elementary::normal_cdf(0) == 0.5);
  CHECK(std::isnan(elementary::normal_cdf(std::nan(""))));
}

TEST_CASE("exponentials and logarithms at the ends of their range") {
  CHECK(elementary::exp(0.0) == 1);
  CHECK(elementary::exp(-0.0F) == 1);
  CHECK(elementary::exp(-infinity) == 0);
  CHECK(elementary::exp(-1e308) == 0);
  CHECK(elementary::exp(infinity) == infinity);
  CHECK(elementary::exp(709.7) < infinity);
  CHECK(elementary::exp(709.79) == infinity);
  CHECK(elementary::exp(-745.0) == 0x1p-1074);
  CHECK(elementary::exp(-100.0F) > 0);
  CHECK(elementary::exp(-1e38F) == 0);
  CHECK(elementary::exp(88.7F) < std::numeric_limits<float>::infinity());
  CHECK(elementary::exp(1e38F) == std::numeric_limits<float>::infinity());
  CHECK(std::isnan(elementary::exp(std::nan(""))));
  CHECK(elementary::log(1) == 0);
  CHECK(elementary::log(0) == -infinity);
  CHECK(elementary::log(infinity) == infinity);
  CHECK(std::isnan(elementary::log(-1)));
  CHECK(std::isnan(elementary::log(std::nan(""))));
  CHECK(units(elementary::log(0x1p-1074), log(enclose(0x1p-1074))) < 2);
}

TEST_CASE("an element's exponential is the same wherever it stands") {
  std::vector<double> values;
  std::vector<float> floats;
  for (int i = 0; i < 77; ++i) {
    values.push_back(i * 9.7 - 400);
    floats.push_back(static_cast<float>(values.back()) / 8);
  }
  const std::vector<double> x = values;
  const std::vector<float> y = floats;
  elementary::replace_by_exp(values.data(), 77);
  elementary::replace_by_exp(floats.data(), 77);
  for (std::size_t i = 0; i < 77; ++i) {
    CHECK(values[i] == elementary::exp(x[i]));
    CHECK(floats[i] == elementary::exp(y[i]));
  }
  elementary::replace_by_log(values.data(), 77);
  for (std::size_t i = 0; i < 77; ++i) CHECK(values[i] == elementary::log(elementary::exp(x[i])));
}

TEST_CASE("decimal exponents are exact at powers of ten") {
  for (int e = -22; e <= 22; ++e) {
    const double power = elementary::power_of_ten(e);
    CHECK(elementary::decimal_exponent(power) == e);
    CHECK(elementary::decimal_exponent(std::nextafter(power, 0)) == e - 1);
    CHECK(elementary::decimal_exponent(9.99 * power) == e);
  }
}
