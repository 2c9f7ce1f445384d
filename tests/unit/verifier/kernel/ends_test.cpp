// Operations on wide intervals: what they enclose holds whatever number of an interval is meant, and no end is farther out than
// the corners are. Both engines, against exact rational numbers.
#include "draws.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace verifier::kernel;

namespace {

using Rational = mpq_class;

// An entry that may be either number.
struct Either {
  double one, other;
  Positive in(Kernel& k) const {
    return Positive(column(sums_of_any(numbers(k, {1, 2}, std::vector{one, other})), 1)); // the sum of any one
  }
  Rational operator[](int i) const { return Rational(i == 0 ? one : other); }
};
Real signed_of(Kernel& k, const Either& x) {
  return x.in(k)-number(k, 2);
}

// The entry of `x` holds f at all corners of three intervals, and is no wider than they are spread.
void check_corners(const Real& x, const std::function<Rational(int, int, int)>& f) {
  Total t;
  t.add(x);
  std::vector<Rational> corners;
  for (int c = 0; c < 8; ++c) corners.push_back(f(c & 1, c >> 1 & 1, c >> 2));
  const auto [least, most] = std::minmax_element(corners.begin(), corners.end());
  const Rational step(1, mpz_class(1) << 60), little(1, mpz_class(1) << 44);
  CHECK(t.lower * step <= *least);
  CHECK(t.upper * step >= *most);
  CHECK(t.lower * step >= *least - little);
  CHECK(t.upper * step <= *most + little);
}

} // namespace

TEST_CASE("shares, and numbers that are moved by shares, use each end once") {
  Random random(11);
  for (int round = 0; round < 400; ++round)
    for (const Engine* engine : {&fast(), &reference()}) {
      Budget budget(UINT64_MAX);
      Meter meter(budget);
      Kernel k{*engine, meter};
      const auto draw = [&] {
        const double x = random.below(8) > 0 ? random.between(0, 4) : 0;
        return Either{x, random.below(3) > 0 ? random.between(0, 4) : x};
      };
      const Either x = draw(), y = draw(), part = draw();
      CAPTURE(round);
      const auto of = [&](const Rational& p, const Rational& q) { return Rational(p / (p + q)); };
      check_corners(share(part.in(k), y.in(k) + number(k, 1)),
                    [&](int a, int b, int) { return of(part[a], y[b] + 1); });
      const Share a = share(part.in(k), number(k, 3));
      const Real from = signed_of(k, x), to = signed_of(k, y);
      check_corners(raised(from, to, a), [&](int i, int j, int l) {
        return Rational(x[i] - 2 + of(part[l], 3) * std::max(Rational(0), Rational(y[j] - x[i])));
      });
      check_corners(lowered(from, to, a), [&](int i, int j, int l) {
        return Rational(x[i] - 2 + of(part[l], 3) * std::min(Rational(0), Rational(y[j] - x[i])));
      });
      check_corners(larger(x.in(k), y.in(k)), [&](int i, int j, int) { return std::max(x[i], y[j]); });
      check_corners(smaller(x.in(k), y.in(k)), [&](int i, int j, int) { return std::min(x[i], y[j]); });
      const Real three = beside(beside(from, to), signed_of(k, part));
      check_corners(smallest(three), [&](int i, int j, int l) {
        return Rational(std::min({x[i], y[j], part[l]}) - 2);
      });
      check_corners(column(largest_so_far(three), 1),
                    [&](int i, int j, int) { return Rational(std::max(x[i], y[j]) - 2); });
      check_corners(column(largest_of_others(three), 1),
                    [&](int i, int, int l) { return Rational(std::max(x[i], part[l]) - 2); });
    }
}

TEST_CASE("a share of what may be nothing is at most all") {
  const Integer all = Integer(1) << 60;
  for (const Engine* engine : {&fast(), &reference()}) {
    Budget budget(UINT64_MAX);
    Meter meter(budget);
    Kernel k{*engine, meter};
    const Positive nothing = number(k, 0), next_to_nothing = exp(signed_numbers(k, {1, 1}, std::vector{-700.0}));
    Total some, none;
    some.add(share(next_to_nothing, nothing));
    none.add(share(nothing, nothing));
    CHECK(some.upper >= all);
    CHECK(some.lower <= all);
    CHECK(none.upper <= all + 1);
  }
}

TEST_CASE("ln(1 + sum exp) is relatively close where it is next to nothing") {
  Budget budget(UINT64_MAX);
  Meter meter(budget);
  for (const Engine* engine : {&fast(), &reference()}) {
    Kernel k{*engine, meter};
    const Positive loss = log_one_plus_sum_exp(signed_numbers(k, {1, 1}, std::vector{-100.0})); // x - x²/2 ..
    Total t;
    t.add(log(loss));
    const Integer exact = Integer(-100) << 60;
    CHECK(t.lower <= exact);
    CHECK(t.upper >= exact - 1);
    CHECK(t.upper - t.lower < Integer(1) << 18);
  }
}

TEST_CASE("which entries reach a number of steps, and the least of some") {
  Budget budget(UINT64_MAX);
  Meter meter(budget);
  for (const Engine* engine : {&fast(), &reference()}) {
    Kernel k{*engine, meter};
    const Integer one = Integer(1) << step_bits;
    const Real x = transposed(signed_numbers(k, {1, 4}, std::vector{1.0, -0.5, 2.0, 0x1p-61}));
    const Integer room = engine == &fast() ? 1 : 0; // its ends are rounded outward, also where they are exact
    CHECK(not_below(x, one - room) == std::vector<bool>{true, false, true, false});
    CHECK(not_below(x, one + 1) == std::vector<bool>{false, false, true, false});
    CHECK(not_below(x, -room) == std::vector<bool>{true, false, true, true});
    CHECK(not_below(x, 1) == std::vector<bool>{true, false, true, false}); // half a step
    CHECK(not_below(x, -one / 2 - room) == std::vector<bool>(4, true));
    CHECK(not_below(x, 3 * one) == std::vector<bool>(4, false));
    const auto in_text = [](const Integer& lower, const Integer& upper) {
      return lower.get_str() + " " + upper.get_str();
    };
    const auto least = [&](const std::vector<bool>& counted) {
      Least found;
      found.add(x, counted);
      return in_text(*found.lower, *found.upper);
    };
    CHECK(least({true, false, true, false}) == in_text(one - room, one + room));
    CHECK(least({false, false, true, true}) == in_text(-room, 1));
    CHECK(least({true, true, true, true}) == in_text(-one / 2 - room, -one / 2 + room));
    CHECK_THROWS_AS(least({true}), std::logic_error);
    CHECK_THROWS_AS(not_below(transposed(x), 0), std::logic_error);
  }
}

TEST_CASE("entries that do not follow each other are not reshaped") {
  Budget budget(UINT64_MAX);
  Meter meter(budget);
  Kernel k{fast(), meter};
  const Positive x = numbers(k, {2, 3}, std::vector{1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
  Total t;
  t.add(row(in_rows_of(in_one_column(x), 2), 1));
  CHECK(t.lower <= Integer(7) << 60);
  CHECK(t.upper >= Integer(7) << 60);
  CHECK_THROWS_AS(in_one_column(transposed(x)), std::logic_error);
  CHECK_THROWS_AS(in_one_column(columns(x, 0, 2)), std::logic_error);
  CHECK_THROWS_AS(in_rows_of(column(x, 0), 3), std::logic_error);
  CHECK_THROWS_AS(diagonal(x), std::logic_error);
}
