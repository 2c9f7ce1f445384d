// What a network needs of a number, for doubles, estimates and intervals alike. Besides these: + - * of its own operators.
#pragma once

#include "networks/architecture.hpp"
#include "networks/estimate.hpp"
#include "numbers/elementary.hpp"
#include "numbers/interval.hpp"

#include <algorithm>
#include <cmath>

namespace proofmark::networks {

template <class Number>
Number exact_number(double x) {
  if constexpr (std::is_same_v<Number, Interval>)
    return enclose(x);
  else
    return Number(x);
}

template <class Number>
Number decimal_number(const Decimal& x) {
  if constexpr (std::is_same_v<Number, Interval>)
    return x.enclosure();
  else if constexpr (std::is_same_v<Number, Estimate>)
    return rounded(x.nearest(), 0);
  else
    return x.nearest();
}

inline double middle(double x) {
  return x;
}
inline double middle(const Estimate& x) {
  return x.middle;
}
inline double middle(const Interval& x) { // about: overflows to infinity
  return upper_double(x);
}

// Whether every number that is meant lies above 0.
inline bool surely_positive(double x) {
  return x > 0;
}
inline bool surely_positive(const Estimate& x) {
  return x.lower() > 0;
}
inline bool surely_positive(const Interval& x) {
  return certainly_positive(x);
}

inline double exponential(double x) {
  return elementary::exp(x);
}
inline Estimate exponential(const Estimate& x) {
  const double value = elementary::exp(x.middle);
  return mapped(value, value * elementary::exp(x.radius), x.radius);
}
Interval exponential(const Interval&);

inline double square_root(double x) {
  return std::sqrt(x);
}
inline Estimate square_root(const Estimate& x) {
  const double value = std::sqrt(std::max(0.0, x.middle));
  return mapped(value, 0.5 / std::sqrt(std::max(x.lower(), 0x1p-1000)), x.radius);
}
Interval square_root(const Interval&);

inline double inverse(double x) {
  return 1 / x;
}
inline Estimate inverse(const Estimate& x) {
  return mapped(1 / x.middle, 1 / (std::abs(x.middle) * std::max(x.lower(), 0x1p-1000)),
                x.radius); // of positive numbers
}
Interval inverse(const Interval&);

inline double squared(double x) {
  return x * x;
}
inline Estimate squared(const Estimate& x) {
  return x * x;
}
Interval squared(const Interval&);

inline double positive_part(double x) {
  return std::max(0.0, x);
}
inline Estimate positive_part(const Estimate& x) {
  const double upper = std::max(0.0, x.upper()), lower = std::max(0.0, x.lower());
  return {(upper + lower) / 2, (upper - lower) / 2};
}
Interval positive_part(const Interval&);

inline double sigmoid(double x) {
  return 1 / (1 + elementary::exp(-x));
}
inline Estimate sigmoid(const Estimate& x) {
  const double value = sigmoid(x.middle);
  return mapped(value, std::min(0.25, value * elementary::exp(x.radius)), x.radius);
}
Interval sigmoid(const Interval&);

inline double hyperbolic_tangent(double x) {
  return elementary::tanh(x);
}
inline Estimate
hyperbolic_tangent(const Estimate& x) { // by exponentials near 1, so that what is lost does not shrink with x
  Estimate result = mapped(elementary::tanh(x.middle), 1, x.radius);
  result.radius += 8 * two_roundings;
  return result;
}
Interval hyperbolic_tangent(const Interval&);

inline double normal_cdf(double x) {
  return elementary::normal_cdf(x);
}
inline Estimate normal_cdf(const Estimate& x) {
  return {elementary::normal_cdf(x.middle), 0.4 * x.radius + 32 * two_roundings};
}
Interval normal_cdf(const Interval&);

// ln(1 + x) of a number that is not negative.
inline double log_one_plus(double x) {
  return elementary::log1p(x);
}
inline Estimate log_one_plus(const Estimate& x) {
  return mapped(elementary::log1p(x.middle), 1 / (1 + std::max(0.0, x.lower())), x.radius);
}
Interval log_one_plus(const Interval&);

template <class Number>
Number root_of_two_over_pi();
template <>
inline double root_of_two_over_pi<double>() {
  return 0.79788456080286535588;
}
template <>
inline Estimate root_of_two_over_pi<Estimate>() {
  return mapped(0.79788456080286535588, 0, 0);
}
template <>
Interval root_of_two_over_pi<Interval>();

inline double larger(double a, double b) {
  return std::max(a, b);
}
inline Estimate larger(const Estimate& a, const Estimate& b) {
  const double upper = std::max(a.upper(), b.upper()), lower = std::max(a.lower(), b.lower());
  return {(upper + lower) / 2, (upper - lower) / 2};
}
inline Interval larger(const Interval& a, const Interval& b) {
  return max(a, b);
}

} // namespace proofmark::networks
