// A double with a radius: about what is lost where the same is computed with intervals whose ends are doubles, as the
// verifier's fast engine does. Nothing rests on it: it decides what is worth declaring. Radii are two to five times as large as
// what the verifier has been seen to lose.
#pragma once

#include "numbers/elementary.hpp"

#include <cmath>

namespace proofmark::networks {

struct Estimate {
  double middle = 0, radius = 0;

  Estimate() = default;
  Estimate(double middle, double radius = 0) : middle(middle), radius(radius) {} // NOLINT: an exact number is one

  double lower() const { return middle - radius; }
  double upper() const { return middle + radius; }
};

inline constexpr double two_roundings =
    0x1p-51; // an end is off by half a unit in the last place and moved by one: with room

inline Estimate rounded(double middle, double radius) {
  return {middle, radius + 2 * two_roundings * std::abs(middle)};
}
inline Estimate operator+(const Estimate& a, const Estimate& b) {
  return rounded(a.middle + b.middle, a.radius + b.radius);
}
inline Estimate operator-(const Estimate& a, const Estimate& b) {
  return rounded(a.middle - b.middle, a.radius + b.radius);
}
inline Estimate operator*(const Estimate& a, const Estimate& b) {
  return rounded(a.middle * b.middle,
                 std::abs(a.middle) * b.radius + std::abs(b.middle) * a.radius + a.radius * b.radius);
}

// Of a function whose slope near the argument is at most so much.
inline Estimate mapped(double value, double slope, double radius) {
  return {value, slope * radius + 8 * two_roundings * std::abs(value)};
}

} // namespace proofmark::networks
