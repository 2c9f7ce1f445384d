// The reference engine on numbers that fill its 128 bits: sums and products of doubles are often exact there, and do not tell one
// direction of rounding from the other. Every operation that rounds contains exact values at all corners of its operands, and is no
// wider than its roundings where they are exact.
#include "enclosures.hpp"

#include <algorithm>

using namespace verifier::kernel;

namespace {

struct Ends128 {
  Rational lo, hi;
};
using Operands = std::vector<Ends128>;
using Point = std::vector<Rational>; // one number from each operand

Rational two_to(int exponent) {
  Rational x = 1;
  if (exponent >= 0)
    mpq_mul_2exp(x.get_mpq_t(), x.get_mpq_t(), static_cast<mp_bitcnt_t>(exponent));
  else
    mpq_div_2exp(x.get_mpq_t(), x.get_mpq_t(), static_cast<mp_bitcnt_t>(-exponent));
  return x;
}
// All 128 bits are in use: the lowest one and the highest one are set. Between 2^-5 and 2^3.
Rational draw(Random& random, bool any_sign) {
  mpz_class bits = 1;
  for (int i = 0; i < 126; ++i) bits = 2 * bits + static_cast<unsigned>(random.below(2));
  const Rational x = Rational(2 * bits + 1) * two_to(-132 + static_cast<int>(random.below(8)));
  return any_sign && random.below(2) == 1 ? Rational(-x) : x;
}
Operands draw_all(Random& random, std::size_t count, bool any_sign, bool exact) {
  Operands result;
  for (std::size_t i = 0; i < count; ++i) {
    const Rational x = draw(random, any_sign), y = exact ? x : draw(random, any_sign);
    result.push_back({std::min(x, y), std::max(x, y)});
  }
  return result;
}
template <class T>
T tensor_of(Kernel& k, Shape shape, std::span<const Ends128> ends) {
  const auto made = std::make_shared<exactly::Intervals>(shape.size());
  for (std::size_t i = 0; i < shape.size(); ++i) {
    REQUIRE(mpfr_set_q(made->x[i].lo, ends[i].lo.get_mpq_t(), MPFR_RNDN) == 0); // exact
    REQUIRE(mpfr_set_q(made->x[i].hi, ends[i].hi.get_mpq_t(), MPFR_RNDN) == 0);
  }
  made->engine = &k.engine;
  return T(k, View{made, shape, 0, shape.columns, 1});
}
template <class F>
void at_corners(const Operands& x, F f) {
  for (unsigned which = 0; which < 1U << x.size(); ++which) {
    Point point;
    for (std::size_t i = 0; i < x.size(); ++i) point.push_back(which >> i & 1 ? x[i].hi : x[i].lo);
    f(point);
  }
}

// operation: of operands [1 x count] to one entry; truth: of a point.
template <class T = Real>
void check(bool any_sign, std::size_t count, const std::function<Real(const T&)>& operation,
           const std::function<Truth(const Point&)>& truth) {
  Random random(17);
  for (int round = 0; round < 40; ++round) {
    const bool exact = round % 2 == 0;
    Unit unit(reference());
    const Operands x = draw_all(random, count, any_sign, exact);
    const Real found = operation(tensor_of<T>(unit.k, {1, count}, x));
    at_corners(x, [&](const Point& point) { check_inside(found, 0, 0, truth(point)); });
    if (exact) {
      const Enclosure e = enclosure(found, 0, 0);
      CHECK(e.hi - e.lo <= two_to(-115));
    }
  }
}
const auto first = [](const auto& x) { return column(x, 0); };
const auto second = [](const auto& x) { return column(x, 1); };
Truth root_of(const Rational& x, unsigned p) {
  mpfr_t a;
  mpfr_init2(a, 400);
  mpfr_set_q(a, x.get_mpq_t(), MPFR_RNDD), mpfr_rootn_ui(a, a, p, MPFR_RNDD);
  Rational lo = rational(a);
  mpfr_set_q(a, x.get_mpq_t(), MPFR_RNDU), mpfr_rootn_ui(a, a, p, MPFR_RNDU);
  Truth r(lo, rational(a));
  mpfr_clear(a);
  return r;
}
Truth sum_of_exp(const Point& x, const Rational& more) {
  Truth sum(more);
  for (const Rational& y : x) sum = sum + apply(mpfr_exp, Truth(y));
  return sum;
}

} // namespace

TEST_CASE("reference, 128 bits: element by element") {
  check<Real>(
      true, 2, [](const Real& x) { return first(x) + second(x); }, [](const Point& x) { return Truth(x[0] + x[1]); });
  check<Real>(
      true, 2, [](const Real& x) { return first(x) - second(x); }, [](const Point& x) { return Truth(x[0] - x[1]); });
  check<Positive>(
      false, 2, [](const Positive& x) { return first(x) * second(x); },
      [](const Point& x) { return Truth(x[0] * x[1]); });
  check<Positive>(
      false, 2, [](const Positive& x) { return first(x) * (second(x) - second(x) - second(x)); },
      [](const Point& x) { return Truth(-x[0] * x[1]); });
  check<Real>(
      true, 2, [](const Real& x) { return product(first(x), second(x)); },
      [](const Point& x) { return Truth(x[0] * x[1]); });
  check<Real>(
      true, 1, [](const Real& x) { return square(x); }, [](const Point& x) { return Truth(x[0] * x[0]); });
  check<Real>(
      true, 1, [](const Real& x) { return normal_cdf(x); },
      [](const Point& x) { return apply(normal_cdf_of, Truth(x[0])); });
  check<Positive>(
      false, 2, [](const Positive& x) { return share(first(x), second(x)); },
      [](const Point& x) { return Truth(x[0] / (x[0] + x[1])); });
  check<Positive>(
      false, 1, [](const Positive& x) { return inverse(x); }, [](const Point& x) { return Truth(1 / x[0]); });
  check<Positive>(
      false, 1, [](const Positive& x) { return root(x); }, [](const Point& x) { return root_of(x[0], 2); });
  check<Positive>(
      false, 1, [](const Positive& x) { return root(x, 5); }, [](const Point& x) { return root_of(x[0], 5); });
  check<Positive>(
      false, 1, [](const Positive& x) { return log(x); }, [](const Point& x) { return apply(mpfr_log, Truth(x[0])); });
  check<Real>(
      true, 1, [](const Real& x) { return exp(x); }, [](const Point& x) { return apply(mpfr_exp, Truth(x[0])); });
}

TEST_CASE("reference, 128 bits: moved by a share") {
  for (const bool raise : {true, false})
    check<Positive>(
        false, 4,
        [&](const Positive& x) {
          const Share a = share(column(x, 2), column(x, 3));
          const Real from = first(x) - number(x.kernel(), 1), to = second(x);
          return raise ? raised(from, to, a) : lowered(from, to, a);
        },
        [&](const Point& x) {
          const Rational a = x[2] / (x[2] + x[3]), from = x[0] - 1, way = x[1] - from, none = 0;
          return Truth(from + a * (raise ? std::max(none, way) : std::min(none, way)));
        });
}

TEST_CASE("reference, 128 bits: along columns, and a row with a row") {
  const auto total = [](const Point& x) -> Rational { return x[0] + x[1] + x[2]; };
  check<Positive>(
      false, 3, [](const Positive& x) { return sum(x); }, [&](const Point& x) { return Truth(total(x)); });
  check<Real>(
      true, 3, [](const Real& x) { return sum(x); }, [&](const Point& x) { return Truth(total(x)); });
  for (const double w : {0x1.8p-3, 3.0, -5.0})
    check<Real>(
        true, 2,
        [&](const Real& x) {
          return linear(x, Weights(x.kernel(), {2, 1}, std::vector{w, -0x1.4p+1}));
        },
        [&](const Point& x) { return Truth(x[0] * Rational(w) - x[1] * Rational(0x1.4p+1)); });
  check<Real>(
      true, 3, [](const Real& x) { return log_sum_exp(x); },
      [](const Point& x) { return apply(mpfr_log, sum_of_exp(x, 0)); });
  check<Real>(
      true, 3, [](const Real& x) { return log_one_plus_sum_exp(x); },
      [](const Point& x) { return apply(mpfr_log, sum_of_exp(x, 1)); });
  check<Real>(
      true, 3, [](const Real& x) { return column(minus_entries(x, std::vector<Index>{1}), 2); },
      [](const Point& x) { return Truth(x[2] - x[1]); });
  check<Real>(
      true, 3, [](const Real& x) { return minus_column(x, std::vector<Index>{2}, 1); },
      [](const Point& x) { return Truth(x[2] - x[1]); });
  const std::vector<Index> one{0};
  check<Real>(
      true, 2, [&](const Real& x) { return plus_rows_at(first(x), second(x), one); },
      [](const Point& x) { return Truth(x[0] + x[1]); });

  const auto left = [](const auto& x) { return columns(x, 0, 2); };
  const auto right = [](const auto& x) { return columns(x, 2, 4); };
  const auto dot = [](const Point& x) { return Truth(x[0] * x[2] + x[1] * x[3]); };
  check<Positive>(
      false, 4, [&](const Positive& x) { return dots(left(x), one, right(x), one); }, dot);
  check<Positive>(
      false, 4,
      [&](const Positive& x) {
        Lists lists;
        lists.add(std::vector<Index>{0, 1});
        return dots(left(x), one, right(x), one, lists);
      },
      dot);
  const auto beside_first = [](const Point& x) { return Truth(x[1] + x[3]); };
  check<Real>(
      true, 4, [&](const Real& x) { return largest_sums(left(x), one, right(x), one, one); }, beside_first);

  const auto in_column = [](const Positive& x) { return transposed(x); };
  check<Positive>(
      false, 3, [&](const Positive& x) { return row(sums_before(in_column(x)), 3); },
      [&](const Point& x) { return Truth(total(x)); });
  check<Positive>(
      false, 3,
      [&](const Positive& x) {
        return sums_by_label(in_column(x), std::vector<Index>{0, 0, 0}, 1);
      },
      [&](const Point& x) { return Truth(total(x)); });

  Random random(23); // a set of numbers: wider than its roundings
  for (int round = 0; round < 40; ++round) {
    Unit unit(reference());
    const Operands x = draw_all(random, 3, false, false);
    const Positive any = column(sums_of_any(tensor_of<Positive>(unit.k, {1, 3}, x)), 2);
    const auto without = [&](auto end) {
      std::vector<Rational> sums;
      for (std::size_t i = 0; i < 3; ++i) sums.push_back(Rational(end(x[0]) + end(x[1]) + end(x[2]) - end(x[i])));
      return sums;
    };
    const std::vector<Rational> lower = without([](const Ends128&e) { return e.lo; }),
                                upper = without([](const Ends128&e) { return e.hi; });
    const Rational least = *std::ranges::min_element(lower), most = *std::ranges::max_element(upper);
    check_inside(any, 0, 0, Truth(least, most));
    const Enclosure e = enclosure(any, 0, 0);
    CHECK(least - e.lo <= two_to(-120));
    CHECK(e.hi - most <= two_to(-120));
  }
}

TEST_CASE("reference, 128 bits: totals and minima, in steps") {
  Random random(19);
  for (int round = 0; round < 60; ++round) {
    Unit unit(reference());
    const Operands x = draw_all(random, 3, true, false);
    const Real t = tensor_of<Real>(unit.k, {1, 3}, x);
    const Rational steps = two_to(step_bits), lower = (x[0].lo + x[1].lo + x[2].lo) * steps,
                   upper = (x[0].hi + x[1].hi + x[2].hi) * steps;
    const auto check_total = [&](const Total& found, const Rational& lo, const Rational& hi, int most) {
      CHECK(found.lower <= lo);
      CHECK(hi <= found.upper);
      CHECK(lo - found.lower < most);
      CHECK(found.upper - hi < most);
    };
    Total once, five, less, kinds;
    once.add(t), five.add(t, 5), less.add(t, -2);
    check_total(once, lower, upper, 3);
    check_total(five, 5 * lower, 5 * upper, 15);
    check_total(less, -2 * upper, -2 * lower, 6);
    const std::vector<Index> kind{0, 1, 0};
    const std::vector<Integer> times{3, -1};
    kinds.add(t, Multiplicities{kind, times});
    check_total(kinds, (3 * x[0].lo - x[1].hi + 3 * x[2].lo) * steps, (3 * x[0].hi - x[1].lo + 3 * x[2].hi) * steps, 7);
    Least least;
    least.add(t);
    const Rational lo = std::min({x[0].lo, x[1].lo, x[2].lo}) * steps,
                   hi = std::min({x[0].hi, x[1].hi, x[2].hi}) * steps;
    check_total({*least.lower, *least.upper}, lo, hi, 1);
  }
}

TEST_CASE("reference: weights of many bits are rounded once, outward") {
  Unit unit(reference());
  const std::vector<double> values{1, 0x1p-70, 0x1.fffffffffffffp90, 0x1.5555555555555p-90, 3};
  for (const double x : values)
    for (const double y : values) {
      const Weights w(unit.k, {1, 2}, std::vector{x, 1.0}), v(unit.k, {2, 1}, std::vector{y, 0x1p-500});
      const Rational exact = Rational(x) * Rational(y) + Rational(0x1p-500);
      const Real found = rounded(w * v);
      check_inside(found, 0, 0, Truth(exact));
      const Enclosure e = enclosure(found, 0, 0);
      CHECK(e.lo < e.hi);
      CHECK(e.hi - e.lo <= two_to(-126) * exact);
    }
}

TEST_CASE("reference: pi and decimals are rounded once, outward") {
  Unit unit(reference());
  for (const Positive& x : {pi(unit.k), decimal(unit.k, 1, 1), decimal(unit.k, 44715, 6)}) {
    const Enclosure e = enclosure(x, 0, 0);
    CHECK(e.lo < e.hi);
    CHECK(e.hi - e.lo <= two_to(-126) * e.hi);
  }
  CHECK(enclosure(decimal(unit.k, 5, 1), 0, 0).lo == enclosure(decimal(unit.k, 5, 1), 0, 0).hi);
}

TEST_CASE("reference: normal distribution far out") {
  Unit unit(reference());
  for (const double x : {0x1p40, -0x1p40, 0x1p1023, -0x1p1023}) {
    const Real y = normal_cdf(signed_numbers(unit.k, {1, 1}, std::vector{x}));
    Total t;
    t.add(y);
    const Integer exact = x > 0 ? Integer(1) << step_bits : Integer(0);
    CHECK(t.lower <= exact);
    CHECK(exact <= t.upper);
    CHECK(t.upper - t.lower <= 1);
    CHECK(not_negative(y)[0]);
  }
}

TEST_CASE("reference: a shift is the number that it says, not a weight that is only rounded to it") {
  Unit unit(reference());
  const auto stored = [&](double w) { return Weights(unit.k, {1, 1}, std::vector{w}); };
  const Positive one = number(unit.k, 1);
  for (const double little : {0x1p-200, -0x1p-200})
    check_inside(rounded(shifted(add_to_rows(stored(1), stored(little)), one)), 0, 0, Truth(Rational(little)));
  check_inside(rounded(shifted(stored(1), one)), 0, 0, Truth(Rational(0)));
}
