// Axes of figures: whatever the numbers are, there are ticks, and every number has a finite place.

#include "report/figures/scale.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace proofmark;

using Make = Scale (*)(double, double, double, double);

TEST_CASE("an axis over any range has ticks within it, and finite places") {
  const double values[] = {0, 1e-320, 1e-30, 0.1, 0.333, 1, std::nextafter(1, 2), 1e5, 1e20};
  for (const double a : values)
    for (const double b : values)
      for (auto* make : {Scale::linear, Scale::counting, Scale::logarithmic}) {
        CAPTURE(a);
        CAPTURE(b);
        if (make == Scale::counting && (a != std::round(a) || b != std::round(b))) continue; // counts are whole
        const Scale scale = make(a, b, 10, 110);
        CHECK(!scale.ticks().empty());
        CHECK(scale.ticks().size() < 30);
        for (const double value : {a, b, 0.5}) {
          const double place = scale(value);
          CHECK((place >= 10 && place <= 110));
        }
      }
}

TEST_CASE("a range of nothing lies around its number") {
  CHECK(Scale::linear(3, 3, 0, 100)(3) == 50);
  CHECK(Scale::linear(-3, -3, 0, 100)(-3) == 50);
  CHECK(Scale::logarithmic(3, 3, 0, 100)(3) == doctest::Approx(50));
}
