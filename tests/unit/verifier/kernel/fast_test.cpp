// What only the fast engine has: doubles, tables that keep one end, and bits that are the same on every machine.
#include "enclosures.hpp"
#include "kernel/bands.hpp"
#include "kernel/fast/exp_log.hpp"

#include <bit>
#include <cfenv>

using namespace verifier::kernel;

namespace verifier::kernel {
std::uint64_t digest(unsigned threads);
}
namespace verifier::kernel_plain {
std::uint64_t digest(unsigned threads);
}

TEST_CASE("the same bits with and without AVX2, on one thread and on two") {
  const std::uint64_t expected = digest(1);
  CHECK(digest(2) == expected);
  CHECK(verifier::kernel_plain::digest(1) == expected);
}

TEST_CASE("another rounding mode is noticed") {
  CHECK(doubles_are_as_assumed());
  for (const int mode : {FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO}) {
    std::fesetround(mode);
    const bool good = doubles_are_as_assumed();
    std::fesetround(FE_TONEAREST);
    CHECK_FALSE(good);
  }
}

TEST_CASE("exp4 and log4 err as stated") {
  using namespace doubles;
  Random random(3);
  mpfr_t exact, computed;
  mpfr_init2(exact, 160), mpfr_init2(computed, 160);
  double worst_exp = 0, worst_log = 0; // in units of what is stated
  const auto try_exp = [&](double x) {
    mpfr_set_d(exact, x, MPFR_RNDN), mpfr_exp(exact, exact, MPFR_RNDN);
    mpfr_set_d(computed, exp4(all(x))[2], MPFR_RNDN);
    mpfr_sub(computed, computed, exact, MPFR_RNDN), mpfr_div(computed, computed, exact, MPFR_RNDN);
    worst_exp = std::max(worst_exp, std::fabs(mpfr_get_d(computed, MPFR_RNDA)) / exp_error);
  };
  const auto try_log = [&](double x) {
    mpfr_set_d(exact, x, MPFR_RNDN), mpfr_log(exact, exact, MPFR_RNDN);
    mpfr_set_d(computed, log4(all(x))[1], MPFR_RNDN), mpfr_sub(computed, computed, exact, MPFR_RNDN);
    const double stated = log_error + log_relative_error * std::fabs(mpfr_get_d(exact, MPFR_RNDN));
    worst_log = std::max(worst_log, std::fabs(mpfr_get_d(computed, MPFR_RNDA)) / stated);
  };
  for (int i = 0; i < 20000; ++i) {
    try_exp(random.between(-600, 300)), try_exp(random.between(-1, 1));
    try_exp(std::ldexp(random.between(-1, 1), -static_cast<int>(random.below(60))));
    try_log(std::ldexp(random.between(0.5, 1), static_cast<int>(random.below(2000)) - 1000)),
        try_log(random.between(0.5, 2));
    try_log(1 + std::ldexp(random.between(-1, 1), -static_cast<int>(random.below(53))));
  }
  for (int n = -866; n <= 434; ++n) // beside multiples of ln 2 / 2, where the reduction turns
    for (int d = -5; d <= 5; ++d) try_exp((n * 0.5) * 0.6931471805599453 + d * 0x1p-48);
  for (int k = -1000; k <= 1000; k += 10)
    for (int d = -5; d <= 5; ++d)
      try_log(std::ldexp(1 + d * 0x1p-52, k)), try_log(std::ldexp(0x1.6a09e667f3bcdp-1 + d * 0x1p-53, k));
  for (const double x : {0.0, -0.0, 0x1p-1074, -0x1p-1074, 0x1p-1022, 300.0, -600.0}) try_exp(x);
  for (const double x : {0x1p-900, 0x1p-1022, 0x1.fffffffffffffp1023, 1.0}) try_log(x);
  mpfr_clear(exact), mpfr_clear(computed), mpfr_free_cache();
  CHECK(worst_exp <= 1);
  CHECK(worst_log <= 1);
  CHECK(worst_exp > 0.5); // the bounds are not idle
  CHECK(worst_log > 0.5);
}

TEST_CASE("a table in bands encloses what its bands do, whatever is computed from it") {
  Random random(9);
  for (int round = 0; round < 60; ++round) {
    Unit unit(fast());
    Kernel& k = unit.k;
    const Shape s{1 + random.below(140), 1 + random.below(9)};
    Box box{s, {}, {}};
    const int spread = round % 3 == 0 ? 900 : 20; // exponents
    for (std::size_t i = 0; i < s.size(); ++i) {
      const double x =
          std::ldexp(random.between(0, 1), -static_cast<int>(random.below(static_cast<std::uint64_t>(spread))));
      const double y = random.below(3) == 0 ? x : x * random.between(1, 1.001);
      box.lo.push_back(random.below(9) == 0 ? 0 : x), box.hi.push_back(std::max(box.lo.back(), y));
    }
    Box negative = box;
    for (std::size_t i = 0; i < s.size(); ++i)
      if (i % 3 == 0) std::swap(negative.lo[i], negative.hi[i]), negative.lo[i] *= -1, negative.hi[i] *= -1;
    const auto in_table = [&]<class T>(const Box& b, T*) {
      const T whole = tensor<T>(k, b);
      const auto table = in_bands<T>(
          k, s, 2, [&](Kernel& own, std::size_t from, std::size_t to) { return T(own, rows(whole, from, to).view()); });
      CHECK_FALSE(static_cast<const doubles::Doubles&>(*table.view().numbers).has_lower_ends());
      return with(k, table);
    };
    const Positive p = in_table(box, static_cast<Positive*>(nullptr));
    const Real r = in_table(negative, static_cast<Real*>(nullptr));
    const std::vector<Index> first(s.columns, 0), last{static_cast<Index>(s.rows - 1)};
    const auto each = [&](const Real& x, const Box& b, const std::function<std::size_t(std::size_t, std::size_t)>& at) {
      for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t j = 0; j < x.columns(); ++j)
          check_inside(x, i, j, Truth(Rational(b.lo[at(i, j)]), Rational(b.hi[at(i, j)])));
    };
    each(p, box, [&](auto i, auto j) { return i * s.columns + j; });
    each(r, negative, [&](auto i, auto j) { return i * s.columns + j; });
    each(transposed(r), negative, [&](auto i, auto j) { return j * s.columns + i; });
    const std::vector<Index> ends{static_cast<Index>(s.columns - 1), 0}; // of columns that lie far apart
    each(rows_at(transposed(r), ends), negative, [&](auto i, auto j) { return j * s.columns + ends[i]; });
    each(rows_at(p, last), box, [&](auto, auto j) { return last[0] * s.columns + j; });
    const Positive one_row = transposed(in_one_column(p)); // a row of entries that have the gaps of many
    each(rows_at(one_row, std::vector<Index>(2, 0)), box, [](auto, auto j) { return j; });
    each(columns_at(r, first), negative, [&](auto i, auto) { return i * s.columns; });
    const Positive zero = number(k, 0);
    each(repeat_columns(column(r, 0), 3) + repeat_columns(repeat_rows(zero, s.rows), 3), negative,
         [&](auto i, auto) { return i * s.columns; });
    each(repeat_rows(row(r, 0), 3) + repeat_columns(repeat_rows(zero, 3), s.columns), negative,
         [&](auto, auto j) { return j; });
    each(positive_part(p), box, [&](auto i, auto j) { return i * s.columns + j; });
    Rational product;
    for (std::size_t j = 0; j < s.columns; ++j) product += Rational(box.lo[j]) * box.lo[last[0] * s.columns + j];
    check_inside(all_dots(row(p, 0), p), 0, s.rows - 1, product);
  }
}

TEST_CASE("sums and minima of numbers of any size enclose them by a step, and what is large to the step") {
  Unit unit(fast());
  Kernel& k = unit.k;
  const auto in_steps = [](double x) { // exact
    mpq_class steps(x);
    mpq_mul_2exp(steps.get_mpq_t(), steps.get_mpq_t(), step_bits);
    return steps;
  };
  const std::vector<double> sizes{0,
                                  0x1.8p-61,
                                  1.0 / 3,
                                  0x1.fffffffffffffp25,
                                  0x1p26,
                                  0x1p26 + 0.125,
                                  0x1.fffffffffffffp35,
                                  0x1p36,
                                  0x1.0000000000001p36,
                                  0x1p62,
                                  0x1.fffffffffffffp63,
                                  0x1.23456789abcdep100,
                                  0x1.fffffffffffffp899};
  for (const double size : sizes)
    for (const double x : {size, -size}) {
      CAPTURE(x);
      const Real one = signed_numbers(k, {1, 1}, std::vector{x});
      const mpq_class truth = in_steps(x), room = std::fabs(x) < 0x1p36 ? 2 : 0;
      Total total, three, of_kinds;
      total.add(one), three.add(repeat_columns(one, 3));
      const std::vector<Index> kind{0, 0, 0};
      const std::vector<Integer> times{-5};
      of_kinds.add(in_one_column(repeat_columns(one, 3)), Multiplicities{kind, times});
      Least least;
      least.add(one);
      const auto check = [](const Integer& lower, const Integer& upper, const mpq_class& of, const mpq_class& by) {
        CHECK(lower <= of);
        CHECK(upper >= of);
        CHECK(lower >= of - by);
        CHECK(upper <= of + by);
      };
      check(total.lower, total.upper, truth, room);
      check(three.lower, three.upper, 3 * truth, 3 * room);
      check(of_kinds.lower, of_kinds.upper, -15 * truth, 15 * room);
      check(*least.lower, *least.upper, truth, room);
    }
}

TEST_CASE("whole numbers are enclosed, exactly as far as doubles go") {
  Unit unit(fast());
  const std::uint64_t last_exact = std::uint64_t{1} << 53;
  for (const std::uint64_t x : {std::uint64_t{0}, std::uint64_t{7}, last_exact - 1, last_exact + 1, 2 * last_exact + 6,
                                (std::uint64_t{1} << 63) + 1, UINT64_MAX}) {
    CAPTURE(x);
    Total total;
    total.add(number(unit.k, x));
    const Integer truth = Integer(std::to_string(x)) << step_bits;
    CHECK(total.lower <= truth);
    CHECK(total.upper >= truth);
    if (x < last_exact) CHECK(total.upper - total.lower <= 2);
  }
}

TEST_CASE("the edges of the fast engine's range are refused; what lies inside is not") {
  Unit unit(fast());
  Kernel& k = unit.k;
  const auto number_of = [&](double x) { return numbers(k, {1, 1}, std::vector{x}); };
  const auto minus = [&](double x) { return signed_numbers(k, {1, 1}, std::vector{-x}); };
  const auto four = [&](const Positive& x) { return repeat_columns(x, 4); };
  using Operation = std::function<void()>;
  const std::vector<std::pair<Operation, Operation>> outside_and_inside{
      {[&] { exp(number_of(300.001)); }, [&] { exp(number_of(300)); }},
      {[&] { log(number_of(0)); }, [&] { log(number_of(0x1p-899)); }},
      {[&] { log(number_of(0x1p-901)); }, [&] { log(number_of(0x1.fffffffffffffp1022)); }},
      {[&] { number_of(0x1p-901); }, [&] { number_of(0x1p-900); }},
      {[&] { minus(0x1p-1074); }, [&] { minus(0); }},
      {[&] { inverse(number_of(0)); }, [&] { inverse(number_of(0x1p-899)); }},
      {[&] { inverse(number_of(0x1p-1050)); }, [&] { inverse(number_of(0x1p1019)); }},
      {[&] { number_of(0x1p600) * number_of(0x1p600); }, [&] { number_of(0x1p600) * number_of(0x1p400); }},
      {[&] { number_of(0x1p1023) + number_of(0x1p1023); }, [&] { number_of(0x1p1000) + number_of(0x1p1000); }},
      {[&] { sum(four(number_of(0x1p1023))); }, [&] { sum(four(number_of(0x1p1000))); }},
      {[&] { all_dots(number_of(0x1p300), number_of(1)); }, [&] { all_dots(number_of(0x1p299), number_of(1)); }},
      {[&] { all_dots(number_of(1), number_of(0x1p300)); }, [&] { all_dots(number_of(0x1p299), number_of(0x1p299)); }},
      {[&] { log_sum_exp(number_of(300.001)); }, [&] { log_sum_exp(number_of(300)); }},
      {[&] { log_sum_exp(minus(139)); }, [&] { log_sum_exp(minus(138)); }},
      {[&] { log_one_plus_sum_exp(number_of(300.001)); }, [&] { log_one_plus_sum_exp(minus(1e300)); }},
      {[&] { Total().add(number_of(0x1p900)); }, [&] { Total().add(number_of(0x1p899)); }},
      {[&] { Least().add(minus(0x1p900)); }, [&] { Least().add(minus(0x1p899)); }},
      {[&] {
         Weights(k, {1, 1}, std::vector{0x1p140});
       },
       [&] {
         Weights(k, {1, 1}, std::vector{0x1p139});
       }},
      {[&] {
         Weights(k, {1, 1}, std::vector{0x1p-140});
       },
       [&] {
         Weights(k, {1, 1}, std::vector{0x1p-139});
       }},
      {[&] {
         const Weights w(k, {1, 1}, std::vector{0x1p120});
         w* w* w;
       },
       [&] {
         const Weights w(k, {1, 1}, std::vector{0x1p99});
         w* w* w;
       }}};
  for (std::size_t i = 0; i < outside_and_inside.size(); ++i) {
    CAPTURE(i);
    CHECK_THROWS_AS(outside_and_inside[i].first(), OutOfRange);
    CHECK_NOTHROW(outside_and_inside[i].second());
  }
  const Real least = exp(minus(1e300)); // between 0 and e^-600
  CHECK(enclosure(least, 0, 0).lo == 0);
  CHECK(enclosure(least, 0, 0).hi > 0);
  CHECK(enclosure(least, 0, 0).hi < Rational(1e-200));
}

TEST_CASE("what is not finite is noticed in any lane, the others being finite") {
  Unit unit(fast());
  Kernel& k = unit.k;
  constexpr std::size_t n = 7; // a whole vector, and one that is incomplete
  const std::vector<double> ones(n, 1.0);
  const Positive one = numbers(k, {1, n}, ones), zero = spread(number(k, 0), {1, n});
  const std::vector<Index> first{0};
  // Of a row, n entries of which are 1 but for one; or of a column of such numbers.
  using Operation = std::function<Real(const Positive&)>;
  const auto with_pairs = [&](auto operation) -> Operation {
    return [&, operation](const Positive& x) { return operation(transposed(x), each(n)); };
  };
  const std::vector<std::pair<double, Operation>> all{
      {0x1p1023, [&](auto& x) { return x + x; }},
      {0x1p1023, [&](auto& x) { return one - x - x - x; }},
      {0x1p600, [&](auto& x) { return x * x; }},
      {0x1p600, [&](auto& x) { return product(x, one - x); }},
      {0x1p600, [&](auto& x) { return square(x); }},
      {301, [&](auto& x) { return exp(x); }},
      {0, [&](auto& x) { return log(x); }},
      {0, [&](auto& x) { return inverse(x); }},
      {0x1p1023, [&](auto& x) { return plus_rows_at(x, x, first); }},
      {0x1p1023, [&](auto& x) { return raised(one - x - x * share(one, one), x, share(one, one)); }},
      {0x1p1023, [&](auto& x) { return lowered(x, one - x - x * share(one, one), share(one, one)); }},
      {0x1p1023, [&](auto& x) { return sum(repeat_columns(transposed(x), 4)); }},
      {301, [&](auto& x) { return log_sum_exp(transposed(x)); }},
      {301, [&](auto& x) { return log_one_plus_sum_exp(transposed(x)); }},
      {0x1p300, with_pairs([&](auto x, const auto& of) { return dots(x, of, x, of); })},
      {0x1p1023, with_pairs([&](auto x, const auto& of) {
         const Real two = repeat_columns(x, 2);
         return largest_sums(two, of, two, of, std::vector<Index>(n, 0));
       })},
      {0x1p1023,
       [&](auto& x) {
         return minus_entries(beside<Real>(transposed(x), transposed(zero - x)), std::vector<Index>(n, 1));
       }},
      {0x1p1023,
       [&](auto& x) {
         return minus_column(beside<Real>(transposed(x), transposed(zero - x)), std::vector<Index>{0}, 1);
       }},
      {0x1p1000,
       [&](auto& x) {
         return linear(transposed(x), Weights(k, {1, 3}, std::vector{1.0, 0x1p60, 1.0}));
       }},
      {0x1p1000,
       [&](auto& x) {
         Lists lists;
         for (int j = 0; j < 3; ++j) lists.add(first);
         return linear_at(transposed(x), Weights(k, {1, 3}, std::vector{1.0, 0x1p60, 1.0}), lists);
       }},
      {0x1p1000,
       [&](auto& x) {
         return linear_entries(transposed(x), each(n), Weights(k, {1, 1}, std::vector{0x1p60}), std::vector<Index>(n));
       }},
      {0x1p1000,
       [&](auto& x) {
         return sum_of_multiples({{numbers(k, {1, 1}, std::vector{0x1p60}), x, first}});
       }},
      {0x1p1023, [&](auto& x) { return sums_before(above(x, x)); }},
      {0x1p1023,
       [&](auto& x) {
         return sums_by_label(above(x, x), std::vector<Index>{1, 1}, 2);
       }},
      {0x1p1023,
       [&](auto& x) {
         return sums_by_label(above(one - x, one - x), std::vector<Index>{1, 1}, 2);
       }},
      {0x1p1023, [&](auto& x) { return near(x, x); }},
      {0x1p1023, [&](auto& x) { return exchanged(x, one - x, x); }},
      {0x1p1023, [&](auto& x) { return sums_of_any(repeat_columns(transposed(x), 2)); }}};
  for (std::size_t which = 0; which < all.size(); ++which)
    for (std::size_t lane = 0; lane < n; ++lane) {
      CAPTURE(which);
      CAPTURE(lane);
      std::vector<double> x = ones;
      x[lane] = all[which].first;
      CHECK_THROWS_AS(all[which].second(numbers(k, {1, n}, x)), OutOfRange);
    }
  for (std::size_t column = 0; column < 40; ++column) { // of a result: in every part of a tile
    std::vector<double> w(40, 1.0);
    w[column] = 0x1p60;
    CHECK_THROWS_AS(linear(numbers(k, {1, 1}, std::vector{0x1p1000}), Weights(k, {1, 40}, w)), OutOfRange);
  }
}

TEST_CASE("what is not negative has no lower end below 0, also next to 0") {
  for (const Engine* engine : {&fast(), &reference()}) {
    Unit unit(*engine);
    for (const double end : {0.0, 0x1p-899, 0x1p-460, 1.0, 9.0}) {
      CAPTURE(end);
      const Real x = tensor<Real>(unit.k, {{1, 1}, {-end}, {end}});
      for (const Real& y : {Real(square(x)), Real(positive_part(x)), Real(normal_cdf(x)), Real(exp(x))})
        CHECK(enclosure(y, 0, 0).lo >= 0);
    }
    CHECK(enclosure(sum(repeat_columns(spread(number(unit.k, 0), {1, 1}), 5)), 0, 0).lo >= 0);
  }
}

TEST_CASE("sums of 2^14 rows, and of no more, are short enough for their bound") {
  Unit unit(fast());
  constexpr std::size_t most = std::size_t{1} << 14;
  const Positive one = number(unit.k, 1);
  for (const std::size_t rows : {most, most + 1}) {
    const Positive x = repeat_rows(one, rows);
    const std::vector<Index> labels(rows, 0);
    if (rows == most) {
      check_inside(sums_before(x), rows, 0, Rational(static_cast<double>(rows)));
      check_inside(sums_by_label(x, labels, 1), 0, 0, Rational(static_cast<double>(rows)));
    } else {
      CHECK_THROWS_AS(sums_before(x), OutOfRange);
      CHECK_THROWS_AS(sums_by_label(x, labels, 1), OutOfRange);
    }
  }
}

TEST_CASE("ln sum exp of wide entries is that at their lower ends, and that at their upper ones") {
  Random random(29);
  for (int round = 0; round < 200; ++round) {
    const Shape s{1 + random.below(6), 1 + random.below(9)};
    const double gap = std::ldexp(1.0, static_cast<int>(random.below(12)) - 6);
    Box box{s, {}, {}};
    std::vector<Rational> lower, upper;
    for (std::size_t i = 0; i < s.size(); ++i) {
      const double x = random.between(-9, 9);
      const bool is_zero = random.below(4) == 0;
      box.lo.push_back(is_zero ? 0 : x), box.hi.push_back(is_zero ? 0 : x + gap);
    }
    for (const bool plus_one : {false, true}) {
      Unit unit(fast());
      const Real x = tensor<Real>(unit.k, box), r = plus_one ? Real(log_one_plus_sum_exp(x)) : log_sum_exp(x);
      for (std::size_t i = 0; i < s.rows; ++i) {
        Truth least(Rational(plus_one ? 1 : 0)), most = least;
        for (std::size_t j = 0; j < s.columns; ++j) {
          least = least + apply(mpfr_exp, Rational(box.lo[i * s.columns + j]));
          most = most + apply(mpfr_exp, Rational(box.hi[i * s.columns + j]));
        }
        const Truth lo = apply(mpfr_log, least), hi = apply(mpfr_log, most);
        const Enclosure e = enclosure(r, i, 0);
        CHECK(e.lo <= lo.lo);
        CHECK(lo.hi - e.lo < Rational(1e-12));
        CHECK(hi.hi <= e.hi);
        CHECK(e.hi - hi.lo < Rational(1e-12));
      }
    }
  }
}

TEST_CASE("columns that are missing in a vector add nothing") {
  Unit unit(fast());
  for (std::size_t columns = 1; columns <= 5; ++columns)
    for (const double x : {-1.0, -300.0, -550.0}) {
      CAPTURE(columns);
      CAPTURE(x);
      const Real row = repeat_columns(signed_numbers(unit.k, {1, 1}, std::vector{x}), columns);
      const Enclosure e = enclosure(log_one_plus_sum_exp(row), 0, 0);
      CHECK(e.hi - e.lo <= e.lo * Rational(100 * doubles::u));
      if (x < -100) continue;
      const Enclosure f = enclosure(log_sum_exp(row), 0, 0);
      CHECK(f.hi - f.lo <= Rational(100 * doubles::u));
    }
}

TEST_CASE("the reference refuses what is no number, and integers without bound") {
  Unit unit(reference());
  Kernel& k = unit.k;
  const Positive zero = numbers(k, {1, 1}, std::vector{0.0}), huge = numbers(k, {1, 1}, std::vector{0x1p1023});
  CHECK_THROWS_AS(log(zero), OutOfRange);
  CHECK_THROWS_AS(inverse(zero), OutOfRange);
  CHECK_THROWS_AS(exp(huge), OutOfRange); // beyond MPFR's exponents
  const Positive four = huge * huge * huge * huge, sixteen = four * four * four * four;
  CHECK_THROWS_AS(Total().add(sixteen * huge), OutOfRange);
  CHECK_THROWS_AS(Least().add(sixteen * huge), OutOfRange);
  CHECK_NOTHROW(Total().add(sixteen));
}

TEST_CASE("bounds are applied in full, and not much more: sums and products of exact numbers") {
  // Roundings happen to be exact or to cancel here: nothing but the width shows that a bound was cut.
  for (const std::size_t K : {1, 5, 127, 128, 129, 300, 2048}) {
    CAPTURE(K);
    Unit unit(fast());
    Kernel& k = unit.k;
    const Positive ones = numbers(k, {1, K}, std::vector<double>(K, 1.0));
    const auto check_width = [&](const Real& x, double least) { // of an exact K, on either side, in units of K u
      const Enclosure e = enclosure(x, 0, 0);
      const Rational n(static_cast<double>(K)), unit_of_n = n * Rational(doubles::u);
      for (const Rational& side : {Rational((e.hi - n) / unit_of_n), Rational((n - e.lo) / unit_of_n)}) {
        CHECK(side >= Rational(least));
        CHECK(side <= Rational(4 * least + 16));
      }
    };
    const auto n = static_cast<double>(K);
    check_width(sum(ones), n / 4 + 3);
    const std::vector<Index> one{0};
    check_width(dots(ones, one, ones, one), std::min(n, 128.0) + n / 128);
  }
  Unit unit(fast());
  const Real x = numbers(unit.k, {1, 1}, std::vector{0.75}) + number(unit.k, 0);
  CHECK(enclosure(x, 0, 0).hi - Rational(0.75) >= Rational(0.75) * Rational(doubles::u));
  CHECK(Rational(0.75) - enclosure(x, 0, 0).lo >= Rational(0.75) * Rational(doubles::u));
}

TEST_CASE("bounds are applied in full: logarithms, roots, lists of columns, weights") {
  using doubles::u;
  const std::vector<Index> one{0};
  // On either side of an exact x, so much at least: what the comment beside the operation says that it may err.
  const auto check_sides = [](const Real& found, const Truth& x, double least, double most) {
    const Enclosure e = enclosure(found, 0, 0);
    for (const Rational& side : {Rational(e.hi - x.lo), Rational(x.hi - e.lo)}) {
      CHECK(side >= Rational(least));
      CHECK(side <= Rational(most));
    }
  };
  for (const std::size_t K : {1, 5, 128, 300}) {
    CAPTURE(K);
    Unit unit(fast());
    Kernel& k = unit.k;
    const auto n = static_cast<double>(K);
    const Positive ones = numbers(k, {1, K}, std::vector<double>(K, 1.0));
    const Real zeros = numbers(k, {1, K}, std::vector<double>(K, 0x1p-200)); // not exactly
    const double sum = (n / 4 + 5.2) * u, L = std::log(1 + n);
    check_sides(log_sum_exp(zeros), apply(mpfr_log, Truth(Rational(n))), sum, 6 * sum + (3 * std::log(n) + 16) * u);
    check_sides(log_one_plus_sum_exp(zeros), apply(mpfr_log, Truth(Rational(n + 1))), sum * n / (1 + n),
                2 * (n + 40) * L * u);
    Lists all;
    std::vector<Index> every;
    for (Index i = 0; i < K; ++i) every.push_back(i);
    all.add(every);
    check_sides(dots(ones, one, ones, one, all), Truth(Rational(n)), (n / 4 + 3) * n * u, (n / 2 + 16) * n * u);

    std::vector<double> signs;
    for (std::size_t i = 0; i < K + 1; ++i) signs.push_back(i % 2 == 0 ? 1.0 : -1.0);
    if (K % 2 == 0) signs.pop_back();
    const std::size_t terms = signs.size();
    const Weights w(k, {1, terms}, signs), v(k, {terms, 1}, std::vector<double>(terms, 1.0));
    const Truth none{Rational(0)};
    const double short_blocks = (std::min(n, 16.0) + n / 16) * n * u; // of K products of 1 and -1, or 1 and 1
    check_sides(linear(ones, Weights(k, {K, 1}, std::vector<double>(K, 1.0))), Truth(Rational(n)), short_blocks,
                2 * short_blocks + 16 * n * u);
    check_sides(linear(ones, Weights(k, {K, 1}, std::vector<double>(K, -1.0))), Truth(Rational(-n)), short_blocks,
                2 * short_blocks + 16 * n * u);
    for (const double sign : {1.0, -1.0}) {
      const Weights all_alike(k, {K, 1}, std::vector<double>(K, sign));
      check_sides(linear_at(ones, all_alike, all), Truth(Rational(sign * n)), n * n * u, 2 * n * n * u + 16 * n * u);
      check_sides(linear_entries(ones, one, all_alike, one), Truth(Rational(sign * n)), (n / 4 + 3) * n * u,
                  (n / 2 + 16) * n * u);
      const std::vector<Multiple> terms(K, {number(k, 1), signed_numbers(k, {1, 1}, std::vector{sign}), one});
      check_sides(sum_of_multiples(terms), Truth(Rational(sign * n)), n * n * u, 2 * n * n * u + 16 * n * u);
    }
    // Of entries that are exactly 0: relatively.
    const Real exact_zeros = spread(number(k, 0), {1, K});
    if (K > 1)
      check_sides(log_sum_exp(exact_zeros), apply(mpfr_log, Truth(Rational(n))), 0, 2 * (n + 40) * std::log(n) * u);
    for (const double x : {-30.0, -300.0, -590.0}) {
      const Real small = signed_numbers(k, {1, K}, std::vector<double>(K, x));
      const Truth exact = apply(mpfr_log1p, Truth(apply(mpfr_exp, Truth(Rational(x))).lo * n));
      check_sides(log_sum_exp(beside<Real>(small, number(k, 0))), exact, 0,
                  2 * (n + 40) * exact.lo.get_d() * u + 0x1p-899);
    }
    if (terms % 2 != 0) continue;
    const int bits = (53 - static_cast<int>(std::bit_width(terms - 1))) / 2;
    const double error = static_cast<double>(terms) * std::ldexp(2 * (std::min(n, 128.0) + n / 128) * u, -bits);
    check_sides(rounded(w * v), none, error, 12 * error);
    check_sides(linear(number(k, 1), w * v), none, error, 12 * error);
    check_sides(linear(number(k, 1) - number(k, 3), w * v), none, 2 * error, 25 * error);
    check_sides(linear(tensor<Real>(k, {{1, 1}, {-1.0}, {1.0}}), w * v), none, error, 12 * error);
    Lists first;
    first.add(one);
    const Real both = tensor<Real>(k, {{1, 1}, {-1.0}, {1.0}});
    check_sides(linear_at(both, w * v, first), none, error, 12 * error);
    check_sides(linear_entries(both, one, w * v, one), none, error, 12 * error);
    const std::vector<double> rows{1, 1, 1, 1, 1, 1, 1, 1, 1, 1000, 1, 1};
    const Real each_row = linear(numbers(k, {rows.size(), 1}, rows), w * v);
    for (std::size_t i = 0; i < rows.size(); ++i)
      check_sides(row(each_row, i), none, error * rows[i], 12 * error * rows[i]);
  }
  Unit unit(fast());
  // Sums of pairs that are not exact, 8 u^2 of the largest: 2^80 + 1 - 2^80, and 2^80 - 2^80.
  const auto stored = [&](double w) { return Weights(unit.k, {1, 1}, std::vector{w}); };
  const double lost = 0x1p81 * 8 * u * u;
  check_sides(rounded(add_to_rows(add_to_rows(stored(0x1p80), stored(1)), stored(-0x1p80))), Truth(Rational(1)), lost,
              1.1 * lost);
  const Positive shift = numbers(unit.k, {1, 1}, std::vector{0x1p80});
  check_sides(rounded(shifted(add_to_rows(stored(0x1p80), stored(1)), shift)), Truth(Rational(1)), lost, 1.1 * lost);
  const Positive x = number(unit.k, 1);
  for (const unsigned p : {3U, 7U}) check_sides(root(x, p), Truth(Rational(1)), (2.0 / p + 4) * u, (8.0 / p + 16) * u);
  for (const unsigned p :
       {3U, 9U}) { // of a power of two: ln x err by 2.1 u |ln x|, of which the root has the p-th part
    const Enclosure e = enclosure(root(numbers(unit.k, {1, 1}, std::vector{0x1p891}), p), 0, 0);
    const Rational value(std::ldexp(1.0, static_cast<int>(891 / p)));
    CHECK((e.hi - e.lo) / value >= Rational(2 * 2.1 * u * 891 * 0.69 / p));
    CHECK((e.hi - e.lo) / value <= Rational(4 * 2.1 * u * 891 * 0.70 / p + 32 * u));
  }
  check_sides(exp(number(unit.k, 0)), Truth(Rational(1)), 2 * u, 8 * u);
  check_sides(normal_cdf(number(unit.k, 0)), Truth(Rational(0.5)), 2 * u, 8 * u);
  const auto normal = [&](double at) { return normal_cdf(signed_numbers(unit.k, {1, 1}, std::vector{at})); };
  for (const double at : {-20.0, -9.0, -8.25, -8.0, -7.75, 7.75, 8.0, 8.25, 9.0, 20.0})
    check_sides(normal(at), apply(normal_cdf_of, Truth(Rational(at))), 0, 12 * u);
  for (const double far : {9.0, 1e300}) {
    CHECK(enclosure(normal(far), 0, 0).hi == 1);
    CHECK(enclosure(normal(far), 0, 0).lo >= Rational(1 - 12 * u));
    CHECK(enclosure(normal(-far), 0, 0).lo == 0);
    CHECK(enclosure(normal(-far), 0, 0).hi <= Rational(12 * u));
  }
  check_sides(log(x), Truth(Rational(0)), 0.5 * u, 2 * u);
}
