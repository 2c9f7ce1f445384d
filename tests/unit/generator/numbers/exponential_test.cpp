#include "numbers/exponential.hpp"
#include "numbers/interval.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace proofmark;

namespace {

// |ln(result) + x| <= log_error where x is below the cut-off
void check(const Exponential& exponential, int scale, std::int64_t q) {
  const double result = exponential(q);
  const Interval x = enclose(Integer(q), -scale);
  if (q >> scale >= static_cast<std::int64_t>(Exponential::cut_off)) {
    CHECK(result == Exponential::tiny);
    CHECK(upper_double(exp(-x)) <= Exponential::tiny_error);
  } else {
    const Interval error = log(enclose(result)) + x;
    CHECK(upper_double(error) <= Exponential::log_error);
    CHECK(lower_double(error) >= -Exponential::log_error);
    CHECK(result >= Exponential::tiny);
  }
}

} // namespace

TEST_CASE("exponentials are within their error, at random and at the joints of the tables") {
  std::mt19937_64 random(1);
  for (const int scale : {22, 23, 30, 45, 53, 55, 61}) {
    const Exponential exponential(scale);
    const std::int64_t most = scale < 53 ? std::int64_t(400) << scale : std::int64_t(1) << 62;
    for (int i = 0; i < 3000; ++i) {
      check(exponential, scale, static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most)));
      check(exponential, scale, static_cast<std::int64_t>(random() >> (random() % 62 + 2)) % most);
    }
    for (const std::int64_t joint : {std::int64_t(0), std::int64_t(1) << (scale - 22), std::int64_t(1) << (scale - 11),
                                     std::int64_t(1) << scale, (std::int64_t(345) << std::min(scale, 53))})
      for (const std::int64_t q : {joint - 1, joint, joint + 1})
        if (q >= 0) check(exponential, scale, q);
  }
}

TEST_CASE("exp(0) is exactly 1") {
  CHECK(Exponential(50)(0) == 1.0);
}
