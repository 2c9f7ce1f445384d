// Every operation, on both engines: whatever numbers the operands mean, the exact result lies between the ends of the result. The
// numbers are ends of the operands more often than not, where a wrong direction shows, and nasty: zeros, the least and the
// largest doubles, spreads of hundreds of orders of magnitude, cancellation, equal ends, empty axes.
#include "enclosures.hpp"

using namespace verifier::kernel;

namespace {

// Which doubles are drawn. `refused`: the fast engine may leave results to the reference.
struct Range {
  int least_exponent, greatest_exponent;
  bool signs = false, zero = true, refused = false;
};
using Ranges = std::vector<Range>;
const Ranges of_any_sign{{.least_exponent = -1074, .greatest_exponent = 1023, .signs = true, .refused = true},
                         {.least_exponent = -1074, .greatest_exponent = -700, .signs = true},
                         {.least_exponent = -60, .greatest_exponent = 60, .signs = true},
                         {.least_exponent = -4, .greatest_exponent = 1, .signs = true}};
const Ranges not_below_zero{{.least_exponent = -1074, .greatest_exponent = 1023, .refused = true},
                            {.least_exponent = -1074, .greatest_exponent = -700},
                            {.least_exponent = -60, .greatest_exponent = 60},
                            {.least_exponent = -4, .greatest_exponent = 1}};
const Ranges above_zero{{.least_exponent = -890, .greatest_exponent = 890, .zero = false},
                        {.least_exponent = -60, .greatest_exponent = 60, .zero = false},
                        {.least_exponent = -1, .greatest_exponent = 0, .zero = false}};
const Ranges arguments{{.least_exponent = -60, .greatest_exponent = 11, .signs = true, .refused = true}, // of exp
                       {.least_exponent = -1074, .greatest_exponent = 1, .signs = true},
                       {.least_exponent = -3, .greatest_exponent = 7, .signs = true}};
const Ranges of_weights{{.least_exponent = -20, .greatest_exponent = 3, .signs = true},
                        {.least_exponent = -90, .greatest_exponent = 90, .signs = true},
                        {.least_exponent = -300, .greatest_exponent = 300, .signs = true, .refused = true}};

double draw(Random& random, const Range& range) {
  const auto exponents = static_cast<std::uint64_t>(range.greatest_exponent - range.least_exponent);
  double x = std::ldexp(random.between(1, 2), range.least_exponent + static_cast<int>(random.below(exponents)));
  const std::uint64_t special = random.below(12);
  if (special == 0 && range.zero) x = 0;
  if (special == 1) x = std::ldexp(1.0, range.least_exponent);
  if (special == 2) x = std::nextafter(std::ldexp(1.0, range.greatest_exponent), 0.0);
  if (special == 3 && range.least_exponent < 0) x = 1;
  return range.signs && random.below(2) == 0 ? -x : x;
}
// Ends that are equal, next to each other, or any; now and then those of an earlier entry.
Box box(Random& random, Shape shape, const Range& range) {
  Box b{shape, {}, {}};
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const double x = i > 0 && random.below(6) == 0 ? b.lo[random.below(i)] : draw(random, range);
    const std::uint64_t kind = random.below(4);
    const double y = kind == 0 ? draw(random, range) : kind == 1 ? std::nextafter(x, 0) : x;
    b.lo.push_back(std::min(x, y)), b.hi.push_back(std::max(x, y));
  }
  return b;
}
// The numbers that the entries of a box mean.
std::vector<Rational> meant(Random& random, const Box& b) {
  std::vector<Rational> x;
  for (std::size_t i = 0; i < b.lo.size(); ++i) {
    const Rational lo(b.lo[i]), hi(b.hi[i]);
    const std::uint64_t kind = random.below(5);
    x.push_back(kind < 2 ? lo : kind < 4 ? hi : Rational((lo + hi) / 2));
  }
  return x;
}
struct Drawn {
  Drawn(Random& random, Shape shape, const Range& range) : ends(box(random, shape, range)), x(meant(random, ends)) {}
  const Rational& at(std::size_t i, std::size_t j) const { return x[i * ends.shape.columns + j]; }
  Box ends;
  std::vector<Rational> x;
};

// The same draws for both engines; a range each for two operands. The reference refuses nothing.
using Test = std::function<void(Kernel&, Random&, const Range&, const Range&)>;
void on_both(int rounds, const Ranges& first, const Ranges& second, const Test& test) {
  for (const Engine* engine : {&fast(), &reference()})
    for (int round = 0; round < rounds; ++round) {
      Random random(static_cast<unsigned>(round));
      const Range a = first[random.below(first.size())], b = second[random.below(second.size())];
      Unit unit(*engine);
      CAPTURE(engine == &fast());
      CAPTURE(round);
      try {
        test(unit.k, random, a, b);
      } catch (const OutOfRange&) {
        CHECK(engine == &fast());
        CHECK((a.refused || b.refused));
      }
    }
}

template <class X, class Y>
void of_two(const Ranges& of_x, const Ranges& of_y, const std::function<Real(const X&, const Y&)>& operation,
            const std::function<Truth(const Rational&, const Rational&)>& exact) {
  on_both(200, of_x, of_y, [&](Kernel& k, Random& random, const Range& a, const Range& b) {
    const Shape s{random.below(4), random.below(9)};
    const Drawn x(random, s, a), y(random, s, b);
    const Real r = operation(tensor<X>(k, x.ends), tensor<Y>(k, y.ends));
    REQUIRE(r.shape() == s);
    for (std::size_t i = 0; i < s.rows; ++i)
      for (std::size_t j = 0; j < s.columns; ++j) check_inside(r, i, j, exact(x.at(i, j), y.at(i, j)));
  });
}
template <class X>
void of_one(const Ranges& ranges, const std::function<Real(const X&)>& operation,
            const std::function<Truth(const Rational&)>& exact) {
  of_two<X, X>(
      ranges, ranges, [&](const X& x, const X&) { return operation(x); },
      [&](const Rational& x, const Rational&) { return exact(x); });
}
// Of rows to one number each.
template <class X>
void of_rows(const Ranges& ranges, const std::function<Real(const X&)>& operation,
             const std::function<Truth(const std::vector<Rational>&)>& exact, std::size_t least_columns) {
  on_both(150, ranges, ranges, [&](Kernel& k, Random& random, const Range& a, const Range&) {
    const Shape s{random.below(4), least_columns + random.below(random.below(8) == 0 ? 300 : 9)};
    const Drawn x(random, s, a);
    const Real r = operation(tensor<X>(k, x.ends));
    REQUIRE(r.shape() == Shape{s.rows, 1});
    for (std::size_t i = 0; i < s.rows; ++i) {
      const auto row = x.x.begin() + static_cast<std::ptrdiff_t>(i * s.columns);
      check_inside(r, i, 0, exact({row, row + static_cast<std::ptrdiff_t>(s.columns)}));
    }
  });
}
Truth total(const std::vector<Rational>& x) {
  Rational sum;
  for (const Rational& y : x) sum += y;
  return sum;
}
Truth sum_of_exponentials(const std::vector<Rational>& x) {
  Truth sum(Rational(0));
  for (const Rational& y : x) sum = sum + apply(mpfr_exp, y);
  return sum;
}

} // namespace

TEST_CASE("containment: sums, differences, products, maxima") {
  const auto add = [](const Rational& x, const Rational& y) { return Truth(x + y); };
  const auto multiply = [](const Rational& x, const Rational& y) { return Truth(x * y); };
  of_two<Real, Real>(
      of_any_sign, of_any_sign, [](auto& x, auto& y) { return x + y; }, add);
  of_two<Real, Real>(
      of_any_sign, of_any_sign, [](auto& x, auto& y) { return x - y; },
      [](const Rational& x, const Rational& y) { return Truth(x - y); });
  of_two<Positive, Real>(
      not_below_zero, of_any_sign, [](auto& x, auto& y) { return x * y; }, multiply);
  of_two<Positive, Positive>(
      not_below_zero, not_below_zero, [](auto& x, auto& y) { return x * y; }, multiply);
  of_two<Positive, Positive>(
      not_below_zero, not_below_zero, [](auto& x, auto& y) { return x + y; }, add);
  of_two<Real, Real>(
      of_any_sign, of_any_sign, [](auto& x, auto& y) { return larger(x, y); },
      [](const Rational& x, const Rational& y) { return Truth(std::max(x, y)); });
  of_two<Real, Real>(
      of_any_sign, of_any_sign, [](auto& x, auto& y) { return smaller(x, y); },
      [](const Rational& x, const Rational& y) { return Truth(std::min(x, y)); });
  of_one<Real>(
      of_any_sign, [](auto& x) { return positive_part(x); },
      [](const Rational& x) { return Truth(std::max(x, Rational(0))); });
  of_one<Real>(
      {{.least_exponent = -60, .greatest_exponent = 60, .signs = true}},
      [](auto& x) {
        const Real some = any_number_in(x); // one number: it cancels
        for (std::size_t i = 0; i < some.rows(); ++i)
          for (std::size_t j = 0; j < some.columns(); ++j) CHECK(enclosure(some, i, j).lo == enclosure(some, i, j).hi);
        return x - some + some;
      },
      [](const Rational& x) { return Truth(x); });
}

TEST_CASE("containment: exp, log, inverse, root") {
  of_one<Real>(
      arguments, [](auto& x) { return exp(x); }, [](const Rational& x) { return apply(mpfr_exp, x); });
  of_one<Positive>(
      above_zero, [](auto& x) { return log(x); }, [](const Rational& x) { return apply(mpfr_log, x); });
  of_one<Positive>(
      above_zero, [](auto& x) { return inverse(x); }, [](const Rational& x) { return Truth(1 / x); });
  of_one<Positive>(
      not_below_zero, [](auto& x) { return root(x); }, [](const Rational& x) { return apply(mpfr_sqrt, x); });
}

TEST_CASE("containment: along columns") {
  of_rows<Real>(
      of_any_sign, [](auto& x) { return largest(x); },
      [](auto& x) { return Truth(*std::max_element(x.begin(), x.end())); }, 1);
  of_rows<Real>(
      of_any_sign, [](auto& x) { return smallest(x); },
      [](auto& x) { return Truth(*std::min_element(x.begin(), x.end())); }, 1);
  of_rows<Real>(
      of_any_sign, [](auto& x) { return sum(x); }, total, 0);
  of_rows<Positive>(
      not_below_zero, [](auto& x) { return sum(x); }, total, 0);
  of_rows<Real>(
      arguments, [](auto& x) { return log_sum_exp(x); },
      [](auto& x) { return apply(mpfr_log, sum_of_exponentials(x)); }, 1);
  of_rows<Real>(
      arguments, [](auto& x) { return log_one_plus_sum_exp(x); },
      [](auto& x) { return apply(mpfr_log1p, sum_of_exponentials(x)); }, 0);
}

TEST_CASE("containment: a row less its own column, whose entry is exactly 0") {
  on_both(200, of_any_sign, of_any_sign, [](Kernel& k, Random& random, const Range& a, const Range&) {
    const Shape s{random.below(4), 1 + random.below(9)};
    const Drawn x(random, s, a);
    const std::size_t own = random.below(s.columns);
    const Real r = minus_column(tensor<Real>(k, x.ends), own);
    for (std::size_t i = 0; i < s.rows; ++i) {
      for (std::size_t j = 0; j < s.columns; ++j) check_inside(r, i, j, Rational(x.at(i, j) - x.at(i, own)));
      CHECK(enclosure(r, i, own).lo == 0);
      CHECK(enclosure(r, i, own).hi == 0);
    }
  });
}

TEST_CASE("containment: rows with rows") {
  const Ranges ordinary(not_below_zero.begin() + 1, not_below_zero.end());
  on_both(200, not_below_zero, ordinary, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const std::size_t K = random.below(random.below(8) == 0 ? 300 : 9);
    const Drawn x(random, {random.below(15), K}, a), y(random, {random.below(7), K}, b);
    const Real r = dots(tensor<Positive>(k, x.ends), tensor<Positive>(k, y.ends));
    REQUIRE(r.shape() == Shape{x.ends.shape.rows, y.ends.shape.rows});
    for (std::size_t i = 0; i < r.rows(); ++i)
      for (std::size_t j = 0; j < r.columns(); ++j) {
        Rational exact;
        for (std::size_t n = 0; n < K; ++n) exact += x.at(i, n) * y.at(j, n);
        check_inside(r, i, j, exact);
      }
  });
  on_both(200, of_any_sign, of_any_sign, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const std::size_t K = 2 + random.below(random.below(8) == 0 ? 300 : 9);
    const Drawn x(random, {random.below(15), K}, a), y(random, {random.below(7), K}, b);
    std::vector<Index> without;
    for (std::size_t i = 0; i < x.ends.shape.rows; ++i) without.push_back(static_cast<Index>(random.below(K)));
    const Real r = largest_sums(tensor<Real>(k, x.ends), tensor<Real>(k, y.ends), without);
    for (std::size_t i = 0; i < r.rows(); ++i)
      for (std::size_t j = 0; j < r.columns(); ++j) {
        std::vector<Rational> sums;
        for (std::size_t n = 0; n < K; ++n)
          if (n != without[i]) sums.push_back(x.at(i, n) + y.at(j, n));
        check_inside(r, i, j, *std::max_element(sums.begin(), sums.end()));
      }
  });
}

TEST_CASE("containment: any k of a row's numbers") {
  on_both(200, not_below_zero, not_below_zero, [](Kernel& k, Random& random, const Range& a, const Range&) {
    const Shape s{random.below(3), random.below(7)};
    const Drawn x(random, s, a);
    const Real r = sums_of_any(tensor<Positive>(k, x.ends));
    REQUIRE(r.shape() == Shape{s.rows, s.columns + 1});
    for (std::size_t i = 0; i < s.rows; ++i)
      for (std::uint32_t subset = 0; subset < 1U << s.columns; ++subset) {
        Rational exact;
        for (std::size_t j = 0; j < s.columns; ++j)
          if ((subset >> j & 1) != 0) exact += x.at(i, j);
        check_inside(r, i, static_cast<std::size_t>(__builtin_popcount(subset)), exact);
      }
  });
}

TEST_CASE("containment: products and sums of weights") {
  on_both(200, of_weights, of_weights, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const std::size_t R = random.below(4), K = random.below(random.below(8) == 0 ? 200 : 9), C = random.below(5);
    const std::size_t B = random.below(9);
    const auto stored = [&](Shape s, const Range& range, std::vector<double>& x) {
      const bool narrow = random.below(2) == 0; // float32
      for (std::size_t i = 0; i < s.size(); ++i) {
        const double y = draw(random, range);
        x.push_back(narrow && std::fabs(y) > 0x1p-120 && std::fabs(y) < 0x1p120 ? static_cast<float>(y) : y);
      }
      return Weights(k, s, x);
    };
    std::vector<double> x, y, z, v;
    const Weights X = stored({R, K}, a, x), Y = stored({K, B}, b, y), Z = stored({C, B}, a, z),
                  V = stored({1, K}, b, v);
    const Real r = rounded((add_to_rows(X, V) * Y) * transposed(Z)), first = rounded(transposed(X * Y)),
               same = rounded(X);
    for (std::size_t i = 0; i < R; ++i) {
      std::vector<Rational> product(B), shifted(B);
      for (std::size_t n = 0; n < B; ++n) {
        for (std::size_t m = 0; m < K; ++m) {
          product[n] += Rational(x[i * K + m]) * y[m * B + n];
          shifted[n] += (Rational(x[i * K + m]) + v[m]) * y[m * B + n];
        }
        check_inside(first, n, i, product[n]);
      }
      for (std::size_t j = 0; j < C; ++j) {
        Rational exact;
        for (std::size_t n = 0; n < B; ++n) exact += shifted[n] * z[j * B + n];
        check_inside(r, i, j, exact);
      }
      for (std::size_t m = 0; m < K; ++m) {
        CHECK(enclosure(same, i, m).lo == x[i * K + m]); // stored weights are exact
        CHECK(enclosure(same, i, m).hi == x[i * K + m]);
      }
    }
  });
}
