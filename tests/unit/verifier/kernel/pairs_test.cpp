// Pairs of rows: the numbers of `dots` and `largest_sums` of all rows, whatever is paired; and what is made of kinds and lists.
#include "draws.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

using namespace verifier::kernel;

namespace {

// Pairs of a shape in which runs of rows are common (tiles), and in which they are not.
struct Pairs {
  std::vector<Index> x, y;
};
std::vector<Pairs> pairs(std::size_t rows, std::size_t others, Random& random) {
  std::vector<Pairs> all(5);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < others; ++j) {
      all[0].x.push_back(i), all[0].y.push_back(j);             // all of them
      if (j <= i) all[1].x.push_back(i), all[1].y.push_back(j); // ragged runs
      if (random.below(9) == 0) all[2].x.push_back(i), all[2].y.push_back(j);
      if (random.below(9) == 0)
        all[3].x.push_back(static_cast<Index>(random.below(rows))),
            all[3].y.push_back(static_cast<Index>(random.below(others)));
    }
  return all; // the last has none
}

void check_entries(const Real& column, const Real& matrix, const Pairs& p) {
  REQUIRE(column.shape() == Shape{p.x.size(), 1});
  for (std::size_t i = 0; i < p.x.size(); ++i) {
    Total found, expected;
    found.add(entry(column, i, 0)), expected.add(entry(matrix, p.x[i], p.y[i]));
    REQUIRE(found.lower == expected.lower);
    REQUIRE(found.upper == expected.upper);
  }
}

} // namespace

TEST_CASE("pairs of rows have the bits of all rows with all, and are charged one by one") {
  Random random(3);
  for (const Engine* engine : {&fast(), &reference()})
    for (const std::size_t columns : {1, 2, 7, 130, 300}) {
      if (engine == &reference() && columns > 7) continue;
      constexpr std::size_t rows = 30, others = 29;
      Budget budget(UINT64_MAX);
      Meter meter(budget);
      Kernel k{*engine, meter};
      std::vector<double> a(rows * columns), b(others * columns);
      for (double& x : a) x = random.between(0, 2);
      for (double& x : b) x = random.between(0, 2);
      std::vector<Index> without(rows);
      for (Index& w : without) w = static_cast<Index>(random.below(columns));
      const Positive x = exp(numbers(k, {rows, columns}, a)), y = exp(numbers(k, {others, columns}, b));
      const Positive products = all_dots(x, y);
      for (const Pairs& p : pairs(rows, others, random)) {
        const Performed before = meter.performed();
        check_entries(dots(x, p.x, y, p.y), products, p);
        const auto charged = [&](Operation kind) {
          return meter.performed()[static_cast<std::size_t>(kind)] - before[static_cast<std::size_t>(kind)];
        };
        CHECK(charged(Operation::mul) == p.x.size() * columns);
        if (columns > 1) check_entries(largest_sums(x, p.x, y, p.y, without), all_largest_sums(x, y, without), p);
        Lists lists; // of all columns
        std::vector<Index> every(columns);
        std::iota(every.begin(), every.end(), Index{0});
        for (std::size_t i = 0; i < p.x.size(); ++i) lists.add(every);
        const std::uint64_t muls = charged(Operation::mul);
        const Positive listed = dots(x, p.x, y, p.y, lists);
        CHECK(charged(Operation::mul) == 2 * muls);
        CHECK(listed.rows() == p.x.size());
      }
    }
}

TEST_CASE("a list of no columns has the product 0") {
  for (const Engine* engine : {&fast(), &reference()}) {
    Budget budget(10);
    Meter meter(budget);
    Kernel k{*engine, meter};
    const Positive x = number(k, 3);
    Lists lists;
    lists.add({});
    Total t;
    const std::vector<Index> first{0};
    t.add(dots(x, first, x, first, lists));
    CHECK(t.lower == (engine == &fast() ? -1 : 0));
    CHECK(t.upper == (engine == &fast() ? 1 : 0));
    CHECK(meter.performed()[static_cast<std::size_t>(Operation::mul)] == 0);
  }
}

TEST_CASE("an entry counts as often as its kind says, exactly") {
  for (const Engine* engine : {&fast(), &reference()}) {
    Budget budget(100);
    Meter meter(budget);
    Kernel k{*engine, meter};
    const Integer huge = Integer(1) << 300;
    const std::vector<Index> kind{0, 1, 0, 2};
    const std::vector<Integer> times{huge, -huge, 7};
    const Multiplicities m{kind, times};
    CHECK(m.sum() == huge + 7);
    const Real x = signed_numbers(k, {2, 2}, std::vector<double>{1, -0.5, -4, 0});
    Total t;
    t.add(x, m); // huge (1 + 0.5 - 4)
    const Integer exactly = -5 * huge << (step_bits - 1), slack = 4 * huge;
    CHECK(t.lower <= exactly);
    CHECK(exactly <= t.upper);
    CHECK(t.upper - t.lower <= 2 * slack);
    CHECK(count_negative(x, m) == 0); // -0.5 counts -huge times, -4 huge times
    CHECK(count_not_negative(x, m) == huge + 7);
  }
}

TEST_CASE("large numbers enter totals exactly, but for the step that is added outward") {
  for (const double x : {0x1p26, 0x1p26 - 0x1p-27, 0x1.fffffffffffffp35, 0x1.000000002p30, 0x1.fffffffffffffp25})
    for (const double sign : {-1.0, 1.0}) {
      Budget budget(10);
      Meter meter(budget);
      Kernel k{fast(), meter};
      Total t;
      t.add(signed_numbers(k, {1, 1}, std::vector{sign * x}));
      const mpq_class exactly = mpq_class(sign * x) * mpq_class(Integer(1) << step_bits);
      CHECK(t.lower == exactly - 1);
      CHECK(t.upper == exactly + 1);
    }
}

TEST_CASE("nothing and nothing is nothing: sums of zeros have no width") {
  Budget budget(100);
  Meter meter(budget);
  Kernel k{fast(), meter};
  const Positive zeros = numbers(k, {2, 3}, std::vector<double>(6));
  Total t;
  t.add(log(number(k, 1) + entry(root(zeros + zeros, 63), 0, 0))); // a 63rd root would make 2^-900 visible
  CHECK(t.upper - t.lower < 4096);
  const std::vector<Index> labels{0, 0};
  for (const Positive& sums : {sums_before(zeros), sums_by_label(zeros, labels, 2)}) {
    Total u;
    u.add(log(number(k, 1) + entry(root(sums, 63), 1, 0)));
    CHECK(u.upper - u.lower < 4096);
  }
}

TEST_CASE("numbers of ln 2 in a total") {
  Budget budget(100);
  Meter meter(budget);
  Kernel k{reference(), meter};
  CHECK(most_of_ln_2(k, {Integer(-1), Integer(5) << step_bits}) == 7); // by the upper end alone: 5 / ln 2 = 7.2
  const auto most = [&](const Real& x, const Integer& times) {
    Total t;
    t.add(x, times);
    return most_of_ln_2(k, t);
  };
  const Positive two = number(k, 2);
  CHECK(most(log(two), 0) == 0);
  CHECK(most(log(two), -5) == 0);
  CHECK(most(log(two), 1) == 1);
  CHECK(most(log(two), 1000) == 1000);
  CHECK(most(number(k, 1), 1) == 1);
  CHECK(most(number(k, 1), 1000000) == 1442695); // 1 / ln 2 = 1.44269504..
}
