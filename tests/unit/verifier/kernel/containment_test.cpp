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
  of_two<Real, Real>(
      of_any_sign, of_any_sign, [](auto& x, auto& y) { return product(x, y); }, multiply);
  of_one<Real>(
      of_any_sign, [](auto& x) { return square(x); }, [](const Rational& x) { return Truth(x * x); });
  of_two<Positive, Positive>(
      not_below_zero, not_below_zero, [](auto& x, auto& y) { return x + y; }, add);
  of_two<Positive, Positive>(
      not_below_zero, not_below_zero, [](auto& x, auto& y) { return larger(x, y); },
      [](const Rational& x, const Rational& y) { return Truth(std::max(x, y)); });
  of_two<Real, Real>(
      of_any_sign, of_any_sign, [](auto& x, auto& y) { return larger(x, y); },
      [](const Rational& x, const Rational& y) { return Truth(std::max(x, y)); });
  of_two<Positive, Positive>(
      not_below_zero, not_below_zero, [](auto& x, auto& y) { return smaller(x, y); },
      [](const Rational& x, const Rational& y) { return Truth(std::min(x, y)); });
  of_one<Real>(
      of_any_sign, [](auto& x) { return positive_part(x); },
      [](const Rational& x) { return Truth(std::max(x, Rational(0))); });
  of_one<Real>(
      of_any_sign, [](auto& x) { return absolute(x); }, [](const Rational& x) { return Truth(abs(x)); });
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

TEST_CASE("containment: the normal distribution, pi, decimals") {
  const Ranges of_normal{{.least_exponent = -1074, .greatest_exponent = 1, .signs = true},
                         {.least_exponent = -3, .greatest_exponent = 4, .signs = true},
                         {.least_exponent = 2, .greatest_exponent = 7, .signs = true}};
  for (int round = 0; round < 5; ++round)
    of_one<Real>(
        of_normal, [](auto& x) { return normal_cdf(x); },
        [](const Rational& x) { return apply(normal_cdf_of, Truth(x)); });
  mpfr_t exact;
  mpfr_init2(exact, 400), mpfr_const_pi(exact, MPFR_RNDN);
  for (const Engine* engine : {&fast(), &reference()}) {
    Unit unit(*engine);
    check_inside(pi(unit.k), 0, 0, Truth(rational(exact)));
    const std::uint64_t least_rounded = (std::uint64_t{1} << 53) + 1, most = (std::uint64_t{1} << 63) - 1;
    Rational ten_to_b = 1;
    for (unsigned b = 0; b <= 18; ++b, ten_to_b *= 10)
      for (const std::uint64_t a : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{44715},
                                    least_rounded, most - 1, most}) {
        const Positive found = decimal(unit.k, a, b);
        check_inside(found, 0, 0, Rational(Rational(std::to_string(a)) / ten_to_b));
        CHECK(enclosure(found, 0, 0).lo >= 0);
      }
  }
  mpfr_clear(exact);
}

TEST_CASE("containment: along columns") {
  of_rows<Real>(
      of_any_sign, [](auto& x) { return largest(x); },
      [](auto& x) { return Truth(*std::max_element(x.begin(), x.end())); }, 1);
  of_rows<Real>(
      of_any_sign, [](auto& x) { return smallest(x); },
      [](auto& x) { return Truth(*std::min_element(x.begin(), x.end())); }, 1);
  of_rows<Positive>(
      not_below_zero, [](auto& x) { return sum(x); }, total, 0);
  of_rows<Real>(
      of_any_sign, [](auto& x) { return sum(x); }, total, 0);
  of_rows<Real>(
      arguments, [](auto& x) { return log_sum_exp(x); },
      [](auto& x) { // ln(1 + y), where 400 bits may have no room for 1 + y
        Truth sum = sum_of_exponentials(x);
        const bool log1p = std::ranges::find(x, 0) != x.end();
        if (log1p) sum = sum + Truth(Rational(-1));
        return apply(log1p ? mpfr_log1p : mpfr_log, sum);
      },
      1);
  of_rows<Real>(
      arguments, [](auto& x) { return log_one_plus_sum_exp(x); },
      [](auto& x) { return apply(mpfr_log1p, sum_of_exponentials(x)); }, 0);
}

TEST_CASE("containment: a row less its own entry, which is exactly 0 then") {
  on_both(200, of_any_sign, of_any_sign, [](Kernel& k, Random& random, const Range& a, const Range&) {
    const Shape s{random.below(4), 1 + random.below(9)};
    const Drawn x(random, s, a);
    std::vector<Index> own;
    for (std::size_t i = 0; i < s.rows; ++i) own.push_back(static_cast<Index>(random.below(s.columns)));
    const Real r = minus_entries(tensor<Real>(k, x.ends), own);
    for (std::size_t i = 0; i < s.rows; ++i) {
      for (std::size_t j = 0; j < s.columns; ++j) check_inside(r, i, j, Rational(x.at(i, j) - x.at(i, own[i])));
      CHECK(enclosure(r, i, own[i]).lo == 0);
      CHECK(enclosure(r, i, own[i]).hi == 0);
    }
  });
}

TEST_CASE("containment: a row less a number of its own, exactly 0 in one column; the largest of the others") {
  on_both(200, of_any_sign, of_any_sign, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const Shape s{random.below(4), 2 + random.below(9)};
    const Drawn x(random, s, a), of_own(random, {s.rows, 1}, b);
    std::vector<Index> own;
    for (std::size_t i = 0; i < s.rows; ++i) own.push_back(static_cast<Index>(random.below(s.columns)));
    const Real r = minus_entries(tensor<Real>(k, x.ends), tensor<Real>(k, of_own.ends), own);
    const Real most = largest_without(tensor<Real>(k, x.ends), own);
    REQUIRE(r.shape() == s);
    REQUIRE(most.shape() == Shape{s.rows, 1});
    for (std::size_t i = 0; i < s.rows; ++i) {
      std::optional<Rational> largest;
      for (std::size_t j = 0; j < s.columns; ++j) {
        const bool is_own = j == own[i];
        check_inside(r, i, j, is_own ? Rational(0) : Rational(x.at(i, j) - of_own.at(i, 0)));
        if (!is_own && (!largest || *largest < x.at(i, j))) largest = x.at(i, j);
      }
      CHECK(enclosure(r, i, own[i]).lo == enclosure(r, i, own[i]).hi);
      check_inside(most, i, 0, *largest);
      for (std::size_t j = 0; j < s.columns; ++j) // both ends are those of entries
        if (j != own[i]) CHECK(enclosure(most, i, 0).lo >= Rational(x.ends.lo[i * s.columns + j]));
    }
  });
}

TEST_CASE("containment: sums of any listed rows; sums and hulls of rows by label") {
  on_both(200, of_any_sign, of_any_sign, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const std::size_t C = random.below(9), labels = 1 + random.below(3);
    const Drawn x(random, {labels + random.below(random.below(8) == 0 ? 300 : 6), C}, a), y(random, {3, C}, b);
    std::vector<Index> of_x, of_y, label;
    for (std::size_t i = random.below(9); i > 0; --i) {
      of_x.push_back(static_cast<Index>(random.below(x.ends.shape.rows)));
      of_y.push_back(static_cast<Index>(random.below(3)));
    }
    for (std::size_t i = 0; i < x.ends.shape.rows; ++i)
      label.push_back(static_cast<Index>(i < labels ? i : random.below(labels)));
    const Real X = tensor<Real>(k, x.ends), sum = plus_rows_at(X, of_x, tensor<Real>(k, y.ends), of_y),
               sums = sums_by_label(X, label, labels), hulls = hulls_by_label(X, label, labels);
    REQUIRE(sum.shape() == Shape{of_x.size(), C});
    REQUIRE(sums.shape() == Shape{labels, C});
    REQUIRE(hulls.shape() == Shape{labels, C});
    for (std::size_t i = 0; i < of_x.size(); ++i)
      for (std::size_t j = 0; j < C; ++j) check_inside(sum, i, j, Rational(x.at(of_x[i], j) + y.at(of_y[i], j)));
    for (std::size_t l = 0; l < labels; ++l)
      for (std::size_t j = 0; j < C; ++j) {
        Rational total;
        for (std::size_t i = 0; i < label.size(); ++i) {
          if (label[i] != l) continue;
          total += x.at(i, j);
          check_inside(hulls, l, j, x.at(i, j));
        }
        check_inside(sums, l, j, total);
      }
  });
}

TEST_CASE("containment: numbers near others, and a sum with another set for one of its terms") {
  on_both(200, of_any_sign, not_below_zero, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const Shape s{random.below(4), random.below(9)};
    const Drawn x(random, s, a), radius(random, s, b), middle(random, s, a), other(random, s, a);
    const Real term = near(tensor<Real>(k, middle.ends), tensor<Positive>(k, radius.ends));
    const Real sum = (tensor<Real>(k, x.ends) + term) + tensor<Real>(k, x.ends);
    const Real r = exchanged(sum, term, tensor<Real>(k, other.ends));
    for (std::size_t i = 0; i < s.rows; ++i)
      for (std::size_t j = 0; j < s.columns; ++j) {
        check_inside(term, i, j, Rational(middle.at(i, j) - radius.at(i, j)));
        check_inside(term, i, j, Rational(middle.at(i, j) + radius.at(i, j)));
        check_inside(r, i, j, Rational(2 * x.at(i, j) + other.at(i, j)));
      }
  });
}

TEST_CASE("containment: some columns less one, exactly 0 where it is that one; rows plus listed rows") {
  on_both(200, of_any_sign, of_any_sign, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const Shape s{1 + random.below(4), 1 + random.below(9)};
    const Drawn x(random, s, a), y(random, {1 + random.below(3), s.columns}, b);
    const std::size_t own = random.below(s.columns);
    std::vector<Index> columns, rows;
    for (std::size_t j = random.below(8); j > 0; --j) columns.push_back(static_cast<Index>(random.below(s.columns)));
    for (std::size_t i = 0; i < s.rows; ++i) rows.push_back(static_cast<Index>(random.below(y.ends.shape.rows)));
    const Real less = minus_column(tensor<Real>(k, x.ends), columns, own);
    const Real more = plus_rows_at(tensor<Real>(k, x.ends), tensor<Real>(k, y.ends), rows);
    REQUIRE(less.shape() == Shape{s.rows, columns.size()});
    for (std::size_t i = 0; i < s.rows; ++i) {
      for (std::size_t j = 0; j < columns.size(); ++j) {
        check_inside(less, i, j, Rational(x.at(i, columns[j]) - x.at(i, own)));
        if (columns[j] == own) CHECK(enclosure(less, i, j).lo == 0);
        if (columns[j] == own) CHECK(enclosure(less, i, j).hi == 0);
      }
      for (std::size_t j = 0; j < s.columns; ++j) check_inside(more, i, j, Rational(x.at(i, j) + y.at(rows[i], j)));
    }
  });
}

TEST_CASE("containment: rows with rows") {
  const Ranges ordinary(not_below_zero.begin() + 1, not_below_zero.end());
  on_both(200, not_below_zero, ordinary, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const std::size_t K = random.below(random.below(8) == 0 ? 300 : 9);
    const Drawn x(random, {random.below(15), K}, a), y(random, {random.below(7), K}, b);
    const Real r = all_dots(tensor<Positive>(k, x.ends), tensor<Positive>(k, y.ends));
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
    const Real r = all_largest_sums(tensor<Real>(k, x.ends), tensor<Real>(k, y.ends), without);
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
    const Weights XY = X * Y, more = add_to_rows(X, V) * Y;
    const Real sum = rounded(XY + more), difference = rounded(transposed(XY) - transposed(more));
    const Real r = rounded(more * transposed(Z)), first = rounded(transposed(XY)), same = rounded(X);
    for (std::size_t i = 0; i < R; ++i) {
      std::vector<Rational> product(B), shifted(B);
      for (std::size_t n = 0; n < B; ++n) {
        for (std::size_t m = 0; m < K; ++m) {
          product[n] += Rational(x[i * K + m]) * y[m * B + n];
          shifted[n] += (Rational(x[i * K + m]) + v[m]) * y[m * B + n];
        }
        check_inside(first, n, i, product[n]);
        check_inside(sum, i, n, Rational(product[n] + shifted[n]));
        check_inside(difference, n, i, Rational(product[n] - shifted[n]));
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

TEST_CASE("containment: listed rows of weights, as stored and transposed") {
  on_both(60, of_weights, of_weights, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const std::size_t R = 1 + random.below(4), C = 1 + random.below(4);
    std::vector<double> x, y;
    for (std::size_t i = 0; i < R; ++i) x.push_back(draw(random, a));
    for (std::size_t j = 0; j < C; ++j) y.push_back(draw(random, b));
    std::vector<Index> at;
    for (std::size_t i = random.below(6); i > 0; --i) at.push_back(static_cast<Index>(random.below(R)));
    const Weights product = Weights(k, {R, 1}, x) * Weights(k, {1, C}, y);
    const Weights some = rows_at(product, at), of_view = rows_at(transposed(transposed(product)), at);
    REQUIRE(some.shape() == Shape{at.size(), C});
    for (std::size_t i = 0; i < at.size(); ++i)
      for (std::size_t j = 0; j < C; ++j) {
        check_inside(rounded(some), i, j, Rational(Rational(x[at[i]]) * y[j]));
        check_inside(rounded(of_view), i, j, Rational(Rational(x[at[i]]) * y[j]));
      }
    const Real sum = linear(spread(number(k, 1), {1, at.size()}), some);
    for (std::size_t j = 0; j < C; ++j) {
      Rational exact;
      for (const Index i : at) exact += Rational(x[i]) * y[j];
      check_inside(sum, 0, j, exact);
    }
  });
}

TEST_CASE("containment: pairs of rows, and lists of their columns") {
  const Ranges ordinary(not_below_zero.begin() + 1, not_below_zero.end());
  on_both(200, not_below_zero, ordinary, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const std::size_t K = random.below(random.below(8) == 0 ? 200 : 9), X = 1 + random.below(15),
                      Y = 1 + random.below(7);
    const Drawn x(random, {X, K}, a), y(random, {Y, K}, b);
    std::vector<Index> x_rows, y_rows;
    Lists lists;
    for (std::size_t i = random.below(40); i > 0; --i) {
      const bool follows = !x_rows.empty() && random.below(4) > 0 && y_rows.back() + 1 < Y;
      x_rows.push_back(follows ? x_rows.back() : static_cast<Index>(random.below(X)));
      y_rows.push_back(follows ? y_rows.back() + 1 : static_cast<Index>(random.below(Y)));
      std::vector<Index> list;
      for (Index n = 0; n < K; ++n)
        if (random.below(2) == 0) list.push_back(n);
      lists.add(list);
    }
    const Positive p = tensor<Positive>(k, x.ends), q = tensor<Positive>(k, y.ends);
    const Real all = dots(p, x_rows, q, y_rows), some = dots(p, x_rows, q, y_rows, lists);
    REQUIRE(all.shape() == Shape{x_rows.size(), 1});
    for (std::size_t i = 0; i < x_rows.size(); ++i) {
      Rational exact, listed;
      for (std::size_t n = 0; n < K; ++n) exact += x.at(x_rows[i], n) * y.at(y_rows[i], n);
      for (const Index n : lists[i]) listed += x.at(x_rows[i], n) * y.at(y_rows[i], n);
      check_inside(all, i, 0, exact), check_inside(some, i, 0, listed);
    }
    if (K < 2) return;
    std::vector<Index> without;
    for (std::size_t i = 0; i < X; ++i) without.push_back(static_cast<Index>(random.below(K)));
    const Real most = largest_sums(p, x_rows, q, y_rows, without);
    for (std::size_t i = 0; i < x_rows.size(); ++i) {
      std::vector<Rational> sums;
      for (std::size_t n = 0; n < K; ++n)
        if (n != without[x_rows[i]]) sums.push_back(x.at(x_rows[i], n) + y.at(y_rows[i], n));
      check_inside(most, i, 0, *std::max_element(sums.begin(), sums.end()));
    }
  });
}

TEST_CASE("containment: roots, shares, running sums and maxima, entries") {
  for (const unsigned p : {1U, 2U, 3U, 7U, 63U})
    of_one<Positive>(
        not_below_zero, [&](auto& x) { return root(x, p); },
        [&](const Rational& x) {
          mpfr_t a;
          mpfr_init2(a, 400);
          mpfr_set_q(a, x.get_mpq_t(), MPFR_RNDD), mpfr_rootn_ui(a, a, p, MPFR_RNDD);
          const Rational lo = rational(a);
          mpfr_set_q(a, x.get_mpq_t(), MPFR_RNDU), mpfr_rootn_ui(a, a, p, MPFR_RNDU);
          const Truth truth(lo, rational(a));
          mpfr_clear(a);
          return truth;
        });
  of_two<Positive, Positive>(
      not_below_zero, not_below_zero, [](auto& x, auto& y) { return share(x, y); },
      [](const Rational& x, const Rational& y) { return Truth(x + y == 0 ? Rational(1) : Rational(x / (x + y))); });
  const Ranges ordinary{{.least_exponent = -30, .greatest_exponent = 30, .signs = true}};
  on_both(100, ordinary, not_below_zero, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const Shape s{1 + random.below(3), 1 + random.below(9)};
    const Drawn x(random, s, a), y(random, s, a), part(random, s, b), rest(random, s, b);
    const Share all = share(tensor<Positive>(k, part.ends), tensor<Positive>(k, rest.ends));
    const Real up = raised(tensor<Real>(k, x.ends), tensor<Real>(k, y.ends), all);
    const Real down = lowered(tensor<Real>(k, x.ends), tensor<Real>(k, y.ends), all);
    for (std::size_t i = 0; i < s.rows; ++i)
      for (std::size_t j = 0; j < s.columns; ++j) {
        const Rational whole = part.at(i, j) + rest.at(i, j), way = y.at(i, j) - x.at(i, j);
        const Rational fraction = whole == 0 ? Rational(1) : Rational(part.at(i, j) / whole);
        check_inside(up, i, j, Rational(x.at(i, j) + fraction * std::max(Rational(0), way)));
        check_inside(down, i, j, Rational(x.at(i, j) + fraction * std::min(Rational(0), way)));
      }
  });
  on_both(100, not_below_zero, of_any_sign, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const Shape s{random.below(9), 2 + random.below(9)};
    const Drawn p(random, s, a), x(random, s, b);
    const Real before = sums_before(tensor<Positive>(k, p.ends)), so_far = largest_so_far(tensor<Real>(k, x.ends));
    const Real others = largest_of_others(tensor<Real>(k, x.ends));
    REQUIRE(before.shape() == Shape{s.rows + 1, s.columns});
    for (std::size_t j = 0; j < s.columns; ++j) {
      Rational sum;
      check_inside(before, 0, j, sum);
      for (std::size_t i = 0; i < s.rows; ++i) sum += p.at(i, j), check_inside(before, i + 1, j, sum);
    }
    for (std::size_t i = 0; i < s.rows; ++i)
      for (std::size_t j = 0; j < s.columns; ++j) {
        Rational most = x.at(i, 0), other = x.at(i, j == 0 ? 1 : 0);
        for (std::size_t n = 0; n <= j; ++n) most = std::max(most, x.at(i, n));
        for (std::size_t n = 0; n < s.columns; ++n)
          if (n != j) other = std::max(other, x.at(i, n));
        check_inside(so_far, i, j, most), check_inside(others, i, j, other);
      }
  });
}

TEST_CASE("containment: real numbers times weights") {
  on_both(300, of_any_sign, of_weights, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const std::size_t R = random.below(random.below(8) == 0 ? 60 : 15), C = random.below(27);
    const std::size_t K = random.below(random.below(8) == 0 ? 300 : 9);
    const Drawn x(random, {R, K}, a);
    std::vector<double> w;
    for (std::size_t i = 0; i < K * C; ++i) w.push_back(draw(random, b));
    const bool turned = random.below(2) == 0;
    const Weights W(k, turned ? Shape{C, K} : Shape{K, C}, w);
    const std::size_t from = random.below(C + 1), to = from + random.below(C + 1 - from); // some of its columns
    const Weights all = turned ? transposed(W) : W;
    const Real x_in_k = tensor<Real>(k, x.ends), r = linear(x_in_k, all), some = linear(x_in_k, columns(all, from, to));
    REQUIRE(r.shape() == Shape{R, C});
    REQUIRE(some.shape() == Shape{R, to - from});
    for (std::size_t i = 0; i < R; ++i)
      for (std::size_t j = 0; j < C; ++j) {
        Rational exact;
        for (std::size_t n = 0; n < K; ++n) exact += x.at(i, n) * Rational(w[turned ? j * K + n : n * C + j]);
        check_inside(r, i, j, exact);
        if (from <= j && j < to) check_inside(some, i, j - from, exact);
      }
  });
}

TEST_CASE("containment: real numbers times listed weights, and listed entries of a product") {
  on_both(300, of_any_sign, of_weights, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const std::size_t R = random.below(12), C = random.below(9), K = 1 + random.below(random.below(8) == 0 ? 300 : 9);
    const Drawn x(random, {R, K}, a);
    std::vector<double> w;
    for (std::size_t i = 0; i < K * C; ++i) w.push_back(draw(random, b));
    const bool turned = random.below(2) == 0, product = random.below(3) == 0; // of weights: no doubles
    const double factor = product ? draw(random, b) : 1;
    const auto weight = [&](std::size_t n, std::size_t j) {
      return Rational(Rational(w[turned ? j * K + n : n * C + j]) * factor);
    };
    const Weights stored(k, turned ? Shape{C, K} : Shape{K, C}, w);
    Weights W = turned ? transposed(stored) : stored;
    if (product) { // times a diagonal of one and the same number
      std::vector<double> diagonal(C * C);
      for (std::size_t j = 0; j < C; ++j) diagonal[j * C + j] = factor;
      W = W * Weights(k, {C, C}, diagonal);
    }
    Lists lists;
    for (std::size_t j = 0; j < C; ++j) {
      std::vector<Index> list;
      for (Index n = 0; n < K; ++n)
        if (random.below(2) == 0) list.push_back(n);
      lists.add(list);
    }
    std::vector<Index> rows, columns;
    for (std::size_t n = R * C == 0 ? 0 : random.below(20); n > 0; --n)
      rows.push_back(static_cast<Index>(random.below(R))), columns.push_back(static_cast<Index>(random.below(C)));
    const Real x_in_k = tensor<Real>(k, x.ends);
    const Real listed = linear_at(x_in_k, W, lists), entries = linear_entries(x_in_k, rows, W, columns);
    REQUIRE(listed.shape() == Shape{R, C});
    REQUIRE(entries.shape() == Shape{rows.size(), 1});
    for (std::size_t i = 0; i < R; ++i)
      for (std::size_t j = 0; j < C; ++j) {
        Rational exact;
        for (const Index n : lists[j]) exact += x.at(i, n) * weight(n, j);
        check_inside(listed, i, j, exact);
      }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Rational exact;
      for (std::size_t n = 0; n < K; ++n) exact += x.at(rows[i], n) * weight(n, columns[i]);
      check_inside(entries, i, 0, exact);
    }
  });
}

TEST_CASE(
    "containment: listed rows, each times a number; entries that are replaced, the last one where there are several") {
  const Ranges ordinary(not_below_zero.begin() + 1, not_below_zero.end());
  on_both(200, ordinary, of_any_sign, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const std::size_t R = random.below(6), C = random.below(9), terms = 1 + random.below(random.below(8) == 0 ? 60 : 4);
    std::vector<Multiple> sum;
    std::vector<std::vector<Index>> rows(terms); // which they refer to
    std::vector<Rational> exact(R * C);
    for (std::size_t n = 0; n < terms; ++n) {
      const Drawn times(random, {R, 3}, a), table(random, {1 + random.below(4), C}, b); // one column of three
      std::vector<Index>& at = rows[n];
      for (std::size_t i = 0; i < R; ++i) {
        at.push_back(static_cast<Index>(random.below(table.ends.shape.rows)));
        for (std::size_t j = 0; j < C; ++j) exact[i * C + j] += times.at(i, 1) * table.at(at[i], j);
      }
      sum.push_back({column(tensor<Positive>(k, times.ends), 1), tensor<Real>(k, table.ends), at});
    }
    const Real r = sum_of_multiples(sum);
    REQUIRE(r.shape() == Shape{R, C});
    for (std::size_t i = 0; i < R; ++i)
      for (std::size_t j = 0; j < C; ++j) check_inside(r, i, j, exact[i * C + j]);
  });
  on_both(100, of_any_sign, of_any_sign, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const Shape s{1 + random.below(4), 1 + random.below(9)};
    const std::size_t n = random.below(9);
    Drawn x(random, s, a);
    const Drawn by(random, {n, 1}, b);
    std::vector<Index> rows, columns;
    const Real before = tensor<Real>(k, x.ends);
    for (std::size_t i = 0; i < n; ++i) {
      rows.push_back(static_cast<Index>(random.below(s.rows))),
          columns.push_back(static_cast<Index>(random.below(s.columns)));
      const std::size_t place = rows[i] * s.columns + columns[i];
      x.ends.lo[place] = by.ends.lo[i], x.ends.hi[place] = by.ends.hi[i];
    }
    const Real r = replaced(before, rows, columns, tensor<Real>(k, by.ends));
    for (std::size_t i = 0; i < s.rows; ++i)
      for (std::size_t j = 0; j < s.columns; ++j) {
        CHECK(enclosure(r, i, j).lo == Rational(x.ends.lo[i * s.columns + j]));
        CHECK(enclosure(r, i, j).hi == Rational(x.ends.hi[i * s.columns + j]));
      }
  });
}

TEST_CASE("containment: real numbers times one and the same weights, as stored and transposed") {
  for (const Engine* engine : {&fast(), &reference()}) {
    Unit unit(*engine);
    const Weights w(unit.k, {2, 2}, std::vector{1.0, 2.0, 3.0, 4.0});
    const Real x = numbers(unit.k, {1, 2}, std::vector{1.0, 10.0});
    for (int round = 0; round < 2; ++round) {
      check_inside(linear(x, w), 0, 0, Rational(31)), check_inside(linear(x, w), 0, 1, Rational(42));
      check_inside(linear(x, transposed(w)), 0, 0, Rational(21));
      check_inside(linear(x, transposed(w)), 0, 1, Rational(43));
    }
  }
}

TEST_CASE("containment: real numbers times products of weights, which are no doubles") {
  on_both(100, of_any_sign, of_weights, [](Kernel& k, Random& random, const Range& a, const Range& b) {
    const std::size_t K = 1 + random.below(5), C = 1 + random.below(3);
    const Drawn x(random, {1 + random.below(3), K}, a);
    std::vector<double> w, v;
    for (std::size_t i = 0; i < K; ++i) w.push_back(draw(random, b));
    for (std::size_t i = 0; i < C; ++i) v.push_back(draw(random, b));
    const Real r = linear(tensor<Real>(k, x.ends), Weights(k, {K, 1}, w) * Weights(k, {1, C}, v));
    for (std::size_t i = 0; i < r.rows(); ++i)
      for (std::size_t j = 0; j < C; ++j) {
        Rational exact;
        for (std::size_t n = 0; n < K; ++n) exact += x.at(i, n) * Rational(w[n]) * Rational(v[j]);
        check_inside(r, i, j, exact);
      }
  });
}

TEST_CASE("containment: totals, minima and signs") {
  const Ranges within{{.least_exponent = -1074, .greatest_exponent = 25, .signs = true},
                      {.least_exponent = -64, .greatest_exponent = -20, .signs = true},
                      {.least_exponent = -1074, .greatest_exponent = 400, .signs = true, .refused = true}};
  on_both(300, within, within, [](Kernel& k, Random& random, const Range& a, const Range&) {
    const Shape s{random.below(4), random.below(9)};
    const Drawn x(random, s, a);
    const Real r = tensor<Real>(k, x.ends);
    const Integer times = Integer(static_cast<long>(random.below(9)) - 4) << random.below(300);
    const std::vector<Integer> some{0, 1, -3, Integer(7) << random.below(300)};
    std::vector<Index> kind;
    Rational sum, sum_of_kinds;
    for (const Rational& y : x.x) {
      kind.push_back(static_cast<Index>(random.below(some.size())));
      sum += y, sum_of_kinds += y * some[kind.back()];
    }
    Total once, many, kinds;
    once.add(r), many.add(r, times), kinds.add(r, {kind, some});
    const Rational step(1, Integer(1) << step_bits);
    const auto contains = [&](const Total& t, const Rational& exact) {
      CHECK(t.lower * step <= exact);
      CHECK(exact <= t.upper * step);
    };
    contains(once, sum), contains(many, Rational(sum * times)), contains(kinds, sum_of_kinds);
    const std::vector<bool> below = negative(r), not_below = not_negative(r);
    Least least;
    least.add(r);
    REQUIRE(least.lower.has_value() == !x.x.empty());
    for (std::size_t i = 0; i < x.x.size(); ++i) {
      CHECK(below[i] == (x.ends.hi[i] < 0));
      CHECK(not_below[i] == (x.ends.lo[i] >= 0));
    }
    if (!x.x.empty()) {
      const Rational exact = *std::min_element(x.x.begin(), x.x.end());
      CHECK(*least.lower * step <= exact);
      CHECK(exact <= *least.upper * step);
    }
  });
}

TEST_CASE("containment: sums of weights that are no pairs of doubles") {
  // 1 + d + e - d, whose parts next to 1 are 0 for e below 2^-106 d: what was lost must be in its error.
  on_both(40, of_weights, of_weights, [](Kernel& k, Random& random, const Range&, const Range&) {
    const double d = std::ldexp(1.0, -55 - static_cast<int>(random.below(6)));
    const double e = std::ldexp(random.below(2) == 0 ? 1.0 : -1.0, -115 - static_cast<int>(random.below(20)));
    const auto one = [&](double x) { return Weights(k, {1, 1}, std::vector{x}); };
    const Weights sum = add_to_rows(add_to_rows(add_to_rows(one(1), one(d)), one(e)), one(-d));
    check_inside(rounded(sum), 0, 0, Rational(Rational(1) + Rational(e)));
    check_inside(rounded(sum * one(3)), 0, 0, Rational(3 * (Rational(1) + Rational(e))));
  });
}
