// What work costs: the table of charges, budgets, and elements that are alive; and that empty axes are defined.
#include "enclosures.hpp"
#include "kernel/bands.hpp"

using namespace verifier::kernel;

namespace {

struct Charges {
  std::uint64_t add = 0, mul = 0, div = 0, sqrt = 0, exp = 0, log = 0, compare = 0, read = 0;
};
struct Case {
  const char* name;
  std::function<void(Kernel&, const Real&, const Positive&, const Weights&)> operation;
  Charges charges;
};
// On tensors of 3 rows and 5 columns.
const std::vector<Index> two{0, 2}, three{4, 0, 1}, two_rows{2, 0, 2}, one{0}, none;
const std::vector<Index> kinds(15, 1);
const std::vector<Integer> ones(3, 1);
const std::vector<double> zeros(15, 0.0);
const std::vector<Case> table{
    {"views",
     [](Kernel&, const Real& x, auto&, auto&) {
       spread(entry(x, 0, 0), {1000, 1000}), repeat_rows(row(x, 1), 1000), repeat_columns(column(x, 1), 1000),
           transposed(x);
     },
     {}},
    {"numbers",
     [](Kernel& k, auto&, auto&, auto&) {
       numbers(k, {3, 5}, zeros);
     },
     {.read = 15}},
    {"signed numbers",
     [](Kernel& k, auto&, auto&, auto&) {
       signed_numbers(k, {3, 5}, zeros);
     },
     {.read = 15}},
    {"number", [](Kernel& k, auto&, auto&, auto&) { number(k, 7); }, {.read = 1}},
    {"any number in", [](Kernel&, const Real& x, auto&, auto&) { any_number_in(x); }, {.read = 15}},
    {"rows at", [](Kernel&, const Real& x, auto&, auto&) { rows_at(x, two); }, {.read = 10}},
    {"rows at nothing", [](Kernel&, const Real& x, auto&, auto&) { rows_at(x, none); }, {}},
    {"columns at", [](Kernel&, const Real& x, auto&, auto&) { columns_at(x, two); }, {.read = 6}},
    {"beside", [](Kernel&, const Real& x, auto&, auto&) { beside(x, x); }, {.read = 30}},
    {"above", [](Kernel&, const Real& x, auto&, auto&) { above(x, x); }, {.read = 30}},
    {"+", [](Kernel&, const Real& x, auto&, auto&) { x + x; }, {.add = 15}},
    {"-", [](Kernel&, const Real& x, auto&, auto&) { x - x; }, {.add = 15}},
    {"*", [](Kernel&, const Real& x, const Positive& p, auto&) { p* x; }, {.mul = 15}},
    {"exp", [](Kernel&, const Real& x, auto&, auto&) { exp(x); }, {.exp = 15}},
    {"log", [](Kernel&, auto&, const Positive& p, auto&) { log(p); }, {.log = 15}},
    {"inverse", [](Kernel&, auto&, const Positive& p, auto&) { inverse(p); }, {.div = 15}},
    {"root", [](Kernel&, auto&, const Positive& p, auto&) { root(p); }, {.sqrt = 15}},
    {"positive part", [](Kernel&, const Real& x, auto&, auto&) { positive_part(x); }, {.compare = 15}},
    {"larger", [](Kernel&, auto&, const Positive& p, auto&) { larger(p, p); }, {.compare = 15}},
    {"share", [](Kernel&, auto&, const Positive& p, auto&) { share(p, p); }, {.add = 15, .div = 15}},
    {"raised",
     [](Kernel&, const Real& x, const Positive& p, auto&) { raised(x, x, share(p, p)); },
     {.add = 45, .mul = 15, .div = 15, .compare = 15}},
    {"product", [](Kernel&, const Real& x, auto&, auto&) { product(x, x); }, {.mul = 15}},
    {"square", [](Kernel&, const Real& x, auto&, auto&) { square(x); }, {.mul = 15}},
    {"normal cdf", [](Kernel&, const Real& x, auto&, auto&) { normal_cdf(x); }, {.exp = 15}},
    {"pi", [](Kernel& k, auto&, auto&, auto&) { pi(k); }, {.read = 1}},
    {"decimal", [](Kernel& k, auto&, auto&, auto&) { decimal(k, 1, 5); }, {.read = 1}},
    {"minus entries", [](Kernel&, const Real& x, auto&, auto&) { minus_entries(x, three); }, {.add = 15}},
    {"linear",
     [](Kernel&, const Real& x, auto&, const Weights& w) { linear(x, transposed(w)); },
     {.add = 36, .mul = 45}},
    {"replaced",
     [](Kernel&, const Real& x, auto&, auto&) { replaced(x, two, two, entries_at(x, two, two)); },
     {.read = 4}},
    {"sum of multiples",
     [](Kernel&, const Real& x, const Positive& p, auto&) {
       sum_of_multiples({{column(p, 0), x, two_rows}, {column(p, 1), x, two_rows}});
     },
     {.add = 15, .mul = 30}},
    {"sum of weights", [](Kernel&, auto&, auto&, const Weights& w) { w + w; }, {.add = 15}},
    {"difference of weights", [](Kernel&, auto&, auto&, const Weights& w) { w - w; }, {.add = 15}},
    {"linear at",
     [](Kernel&, const Real& x, auto&, const Weights& w) {
       Lists lists;
       lists.add(three), lists.add(none), lists.add(one);
       linear_at(x, transposed(w), lists);
     },
     {.add = 6, .mul = 12}},
    {"linear entries",
     [](Kernel&, const Real& x, auto&, const Weights& w) { linear_entries(x, two, transposed(w), two); },
     {.add = 8, .mul = 10}},
    {"some minus column",
     [](Kernel&, const Real& x, auto&, auto&) {
       minus_column(x, std::vector<Index>{0, 1, 1, 4}, 1);
     },
     {.add = 12}},
    {"plus rows at",
     [](Kernel&, const Real& x, auto&, auto&) {
       plus_rows_at(x, x, std::vector<Index>{2, 0, 0});
     },
     {.add = 15}},
    {"sums of rows",
     [](Kernel&, const Real& x, auto&, auto&) {
       plus_rows_at(x, std::vector<Index>{2, 0, 0, 1}, x, std::vector<Index>{0, 0, 1, 1});
     },
     {.add = 20}},
    {"minus a column",
     [](Kernel&, const Real& x, auto&, auto&) { minus_entries(x, column(x, 1), three); },
     {.add = 15}},
    {"near", [](Kernel&, const Real& x, const Positive& p, auto&) { near(x, p); }, {.add = 15}},
    {"exchanged", [](Kernel&, const Real& x, auto&, auto&) { exchanged(x, x, x); }, {.add = 30}},
    {"absolute", [](Kernel&, const Real& x, auto&, auto&) { absolute(x); }, {.compare = 15}},
    {"largest without", [](Kernel&, const Real& x, auto&, auto&) { largest_without(x, three); }, {.compare = 9}},
    {"hulls by label",
     [](Kernel&, const Real& x, auto&, auto&) {
       hulls_by_label(x, std::vector<Index>{1, 0, 1}, 2);
     },
     {.compare = 15}},
    {"sums of any signs by label",
     [](Kernel&, const Real& x, auto&, auto&) { sums_by_label(x, std::vector<Index>(x.rows()), 2); },
     {.add = 15}},
    {"rows of weights", [](Kernel&, auto&, auto&, const Weights& w) { rows_at(w, two); }, {.read = 10}},
    {"largest", [](Kernel&, const Real& x, auto&, auto&) { largest(x); }, {.compare = 12}},
    {"smallest", [](Kernel&, const Real& x, auto&, auto&) { smallest(x); }, {.compare = 12}},
    {"sum", [](Kernel&, auto&, const Positive& p, auto&) { sum(p); }, {.add = 12}},
    {"sum of any signs", [](Kernel&, const Real& x, auto&, auto&) { sum(x); }, {.add = 12}},
    {"sum of nothing", [](Kernel&, auto&, const Positive& p, auto&) { sum(columns(p, 2, 2)); }, {}},
    {"log sum exp", [](Kernel&, const Real& x, auto&, auto&) { log_sum_exp(x); }, {.add = 12, .exp = 15, .log = 3}},
    {"log one plus sum exp",
     [](Kernel&, const Real& x, auto&, auto&) { log_one_plus_sum_exp(x); },
     {.add = 15, .exp = 15, .log = 3}},
    {"largest so far", [](Kernel&, const Real& x, auto&, auto&) { largest_so_far(x); }, {.compare = 12}},
    {"largest of others", [](Kernel&, const Real& x, auto&, auto&) { largest_of_others(x); }, {.compare = 30}},
    {"sums of any", [](Kernel&, auto&, const Positive& p, auto&) { sums_of_any(p); }, {.add = 15, .compare = 60}},
    {"negative", [](Kernel&, const Real& x, auto&, auto&) { negative(x); }, {.compare = 15}},
    {"not negative", [](Kernel&, const Real& x, auto&, auto&) { not_negative(x); }, {.compare = 15}},
    {"weights",
     [](Kernel& k, auto&, auto&, auto&) {
       Weights(k, {3, 5}, zeros);
     },
     {.read = 15}},
    {"add to rows", [](Kernel&, auto&, auto&, const Weights& w) { add_to_rows(w, row(w, 0)); }, {.add = 15}},
    {"product of weights", [](Kernel&, auto&, auto&, const Weights& w) { w* transposed(w); }, {.add = 36, .mul = 45}},
    {"rounded", [](Kernel&, auto&, auto&, const Weights& w) { rounded(w); }, {.read = 15}},
    {"total", [](Kernel&, const Real& x, auto&, auto&) { Total().add(x); }, {.add = 15}},
    {"total of multiples", [](Kernel&, const Real& x, auto&, auto&) { Total().add(x, 3); }, {.add = 15, .mul = 1}},
    {"least", [](Kernel&, const Real& x, auto&, auto&) { Least().add(x); }, {.compare = 15}},
    {"least of some",
     [](Kernel&, const Real& x, auto&, auto&) {
       Least().add(column(x, 0), {true, false, true});
     },
     {.compare = 3}},
    {"not below", [](Kernel&, const Real& x, auto&, auto&) { not_below(column(x, 0), 1); }, {.compare = 3}},
    {"larger of any signs", [](Kernel&, const Real& x, auto&, auto&) { larger(x, x); }, {.compare = 15}},
    {"entries at", [](Kernel&, const Real& x, auto&, auto&) { entries_at(x, two, two); }, {.read = 2}},
    {"third root", [](Kernel&, auto&, const Positive& p, auto&) { root(p, 3); }, {.sqrt = 15}},
    {"sums before", [](Kernel&, auto&, const Positive& p, auto&) { sums_before(p); }, {.add = 15}},
    {"sums by label",
     [](Kernel&, auto&, const Positive& p, auto&) { sums_by_label(p, std::vector<Index>(p.rows()), 2); },
     {.add = 15}},
    {"dots", [](Kernel&, auto&, const Positive& p, auto&) { dots(p, two, p, two); }, {.add = 8, .mul = 10}},
    {"dots of lists",
     [](Kernel&, auto&, const Positive& p, auto&) {
       Lists lists;
       lists.add(three), lists.add(none);
       dots(p, two, p, two, lists);
     },
     {.add = 2, .mul = 3}},
    {"largest sums",
     [](Kernel&, const Real& x, auto&, auto&) { largest_sums(x, two, x, two, three); },
     {.add = 8, .compare = 6}},
    {"total of kinds",
     [](Kernel&, const Real& x, auto&, auto&) {
       Total().add(x, Multiplicities{kinds, ones});
     },
     {.add = 15, .mul = 15}},
    {"count negative",
     [](Kernel&, const Real& x, auto&, auto&) {
       count_negative(x, {kinds, ones});
     },
     {.add = 15, .compare = 15}},
    {"count not negative",
     [](Kernel&, const Real& x, auto&, auto&) {
       count_not_negative(x, {kinds, ones});
     },
     {.add = 15, .compare = 15}},
    {"numbers of ln 2", [](Kernel& k, auto&, auto&, auto&) { most_of_ln_2(k, Total{}); }, {.div = 1}},
    {"in bands",
     [](Kernel& k, auto&, auto&, auto&) {
       in_bands<Real>(k, {150, 2}, 2, [](Kernel& k, std::size_t from, std::size_t to) {
         return spread(exp(number(k, 0)), {to - from, 2});
       });
     },
     {.exp = 3, .read = 3}},
};
Box of(double lo, double hi) {
  return {{3, 5}, std::vector<double>(15, lo), std::vector<double>(15, hi)};
}

} // namespace

TEST_CASE("operations are charged what the table says, on both engines, before they are performed") {
  for (const Engine* engine : {&fast(), &reference()})
    for (const Case& c : table) {
      const Charges& x = c.charges;
      const Performed expected{x.add, x.mul, x.div, x.sqrt, x.exp, x.log, x.compare, x.read};
      CAPTURE(c.name);
      std::uint64_t length = 0;
      for (const std::uint64_t n : expected) length += n;
      const auto run = [&](std::uint64_t operations) {
        Unit given(*engine); // whose meter pays for the operands
        const Weights stored(given.k, {3, 5}, zeros);
        Unit unit(*engine, operations);
        const Weights w(unit.k, stored.view());
        c.operation(unit.k, tensor<Real>(unit.k, of(-1, 1)), tensor<Positive>(unit.k, of(1, 2)), w);
        return unit.meter.performed();
      };
      CHECK(run(length) == expected);
      if (length > 0) CHECK_THROWS_AS(run(length - 1), OverBudget);
    }
}

TEST_CASE("counts beyond 64 bits are beyond every budget, and memory") {
  Unit unit(fast());
  const Real x = exp(number(unit.k, 1));
  const std::size_t many = std::size_t{1} << 40;
  CHECK_THROWS_AS(exp(spread(x, {many, many})), OverBudget);
  CHECK_THROWS_AS(exp(spread(x, {many, 1})), OverMemory);
  CHECK_THROWS_AS(negative(spread(x, {many, 1})), OverMemory);
  CHECK_THROWS_AS(not_negative(spread(x, {many, 1})), OverMemory);
  CHECK_THROWS_AS(Weights(unit.k, {many, many}, {}), OverBudget);
}

TEST_CASE("a meter holds what is alive, and no more than it may") {
  for (const Engine* engine : {&fast(), &reference()}) {
    Unit unit(*engine, UINT64_MAX, 40);
    Kernel& k = unit.k;
    {
      const Real x = exp(spread(number(k, 1), {4, 5}));
      CHECK(unit.meter.alive() == 20);
      { const Real y = x + x; }
      CHECK(unit.meter.alive() == 20);
      const Real y = x + x;
      CHECK_THROWS_AS(x + y, OverMemory);
      CHECK_THROWS_AS(rows_at(x, two), OverMemory);
      CHECK(unit.meter.alive() == 40);
    }
    CHECK(unit.meter.alive() == 0);
    // A copy that an operation makes of operands that do not lie row by row counts while it works.
    const Positive x = exp(spread(number(k, 1), {1, 1}));
    CHECK_THROWS_AS(dots(repeat_columns(x, 50), one, repeat_columns(x, 50), one), OverMemory);
    CHECK_THROWS_AS(largest_sums(repeat_columns(x, 50), one, repeat_columns(x, 50), one, one), OverMemory);
    CHECK_THROWS_AS(dots(repeat_columns(x, 50), one, repeat_columns(x, 50), one, Lists{{0}, {}}), OverMemory);
    const Weights w(k, {1, 1}, std::vector{1.0});
    CHECK_THROWS_AS(repeat_columns(w, 50) * repeat_rows(w, 50), OverMemory);
    CHECK_THROWS_AS(linear(x, repeat_columns(w, 50)), OverMemory);
    CHECK_THROWS_AS(linear(repeat_columns(x, 50), repeat_rows(w, 50)), OverMemory);
  }
  Table<Real> table;
  {
    Unit unit(fast());
    table = exp(number(unit.k, 1));
  }
  Unit other(fast());
  CHECK(enclosure(with(other.k, table), 0, 0).hi > 2); // tables outlive their meter
}

TEST_CASE("rules' own mistakes are refused") {
  Unit here(fast()), other(fast()), precise(reference());
  const Positive x = numbers(here.k, {3, 5}, zeros), y = numbers(other.k, {3, 5}, zeros);
  CHECK_THROWS_AS(x + y, std::logic_error); // two meters
  CHECK_THROWS_AS(dots(x, one, y, one), std::logic_error);
  const Table<Positive> table = x;
  CHECK_THROWS_AS(with(precise.k, table), std::logic_error); // another engine's numbers
  CHECK_THROWS_AS(with(here.k, Table<Real>()), std::logic_error);
  CHECK_THROWS_AS(x + row(x, 0), std::logic_error);
  CHECK_THROWS_AS(rows(x, 2, 1), std::logic_error);
  CHECK_THROWS_AS(rows(x, 0, 4), std::logic_error);
  CHECK_THROWS_AS(columns(x, 0, 6), std::logic_error);
  CHECK_THROWS_AS(repeat_rows(x, 9), std::logic_error);
  CHECK_THROWS_AS(rows_at(x, std::vector<Index>{3}), std::logic_error);
  CHECK_THROWS_AS(columns_at(x, std::vector<Index>{5}), std::logic_error);
  const Multiplicities too_few{none, ones}, no_such{kinds, std::span(ones).first(1)};
  for (const Multiplicities& wrong : {too_few, no_such}) {
    CHECK_THROWS_AS(count_negative(x, wrong), std::logic_error);
    CHECK_THROWS_AS(count_not_negative(x, wrong), std::logic_error);
    CHECK_THROWS_AS(Total().add(x, wrong), std::logic_error);
  }
  CHECK_THROWS_AS(sums_by_label(x, std::vector<Index>{0, 1}, 2), std::logic_error);
  CHECK_THROWS_AS(sums_by_label(x, std::vector<Index>{0, 1, 2}, 2), std::logic_error);
  CHECK_THROWS_AS(minus_entries(x, std::vector<Index>{0, 5, 0}), std::logic_error);
  CHECK_THROWS_AS(minus_entries(x, std::vector<Index>{0, 0}), std::logic_error);
  CHECK_THROWS_AS(product(x, columns(x, 0, 4)), std::logic_error);
  CHECK_THROWS_AS(decimal(here.k, 1, 19), std::logic_error);
  CHECK_THROWS_AS(linear(x, Weights(here.k, {4, 1}, std::vector<double>(4, 1.0))), std::logic_error);
  CHECK_THROWS_AS(minus_column(x, std::vector<Index>{5}, 1), std::logic_error);
  CHECK_THROWS_AS(minus_column(x, std::vector<Index>{1}, 5), std::logic_error);
  CHECK_THROWS_AS(plus_rows_at(x, x, std::vector<Index>{0, 1}), std::logic_error);
  CHECK_THROWS_AS(plus_rows_at(x, x, std::vector<Index>{0, 1, 3}), std::logic_error);
  CHECK_THROWS_AS(plus_rows_at(x, columns(x, 1, 5), std::vector<Index>{0, 1, 2}), std::logic_error);
  CHECK_THROWS_AS(plus_rows_at(x, one, x, two), std::logic_error);
  CHECK_THROWS_AS(plus_rows_at(x, std::vector<Index>{3}, x, one), std::logic_error);
  CHECK_THROWS_AS(plus_rows_at(x, one, x, std::vector<Index>{3}), std::logic_error);
  CHECK_THROWS_AS(plus_rows_at(x, one, columns(x, 0, 4), one), std::logic_error);
  CHECK_THROWS_AS(minus_entries(x, x, std::vector<Index>{0, 0, 0}), std::logic_error);
  CHECK_THROWS_AS(minus_entries(x, column(y, 0), std::vector<Index>{0, 0, 0}), std::logic_error);
  CHECK_THROWS_AS(minus_entries(x, column(x, 0), std::vector<Index>{0, 5, 0}), std::logic_error);
  CHECK_THROWS_AS(largest_without(column(x, 0), std::vector<Index>{0, 0, 0}), std::logic_error);
  CHECK_THROWS_AS(largest_without(x, std::vector<Index>{0, 5, 0}), std::logic_error);
  CHECK_THROWS_AS(largest_without(x, std::vector<Index>{0, 0}), std::logic_error);
  CHECK_THROWS_AS(hulls_by_label(x, std::vector<Index>{0, 0, 0}, 2), std::logic_error);
  CHECK_THROWS_AS(hulls_by_label(x, std::vector<Index>{0, 1, 2}, 2), std::logic_error);
  CHECK_THROWS_AS(hulls_by_label(x, std::vector<Index>{0, 1}, 2), std::logic_error);
  CHECK_THROWS_AS(near(x, column(x, 0)), std::logic_error);
  CHECK_THROWS_AS(exchanged(x, x, column(x, 0)), std::logic_error);
  CHECK_THROWS_AS(exchanged(x, x, y), std::logic_error);
  CHECK_THROWS_AS(rows_at(Weights(here.k, {1, 1}, std::vector{1.0}), std::vector<Index>{1}), std::logic_error);
  CHECK_THROWS_AS(numbers(here.k, {2, 1}, std::vector{1.0}), std::logic_error);
  CHECK_THROWS_AS(numbers(here.k, {1, 1}, std::vector{-1.0}), std::logic_error);
  CHECK_THROWS_AS(signed_numbers(here.k, {1, 1}, std::vector<double>{NAN}), std::logic_error);
  CHECK_THROWS_AS(Weights(here.k, {1, 1}, std::vector<double>{INFINITY}), std::logic_error);
  CHECK_THROWS_AS(largest(columns(x, 0, 0)), std::logic_error);
  CHECK_THROWS_AS(log_sum_exp(columns(x, 0, 0)), std::logic_error);
  CHECK_THROWS_AS(largest_sums(column(x, 0), one, column(x, 0), one, std::vector<Index>(3, 0)), std::logic_error);
  CHECK_THROWS_AS(largest_sums(x, one, x, one, one), std::logic_error);
  CHECK_THROWS_AS(dots(x, one, columns(x, 0, 4), one), std::logic_error);
  CHECK_THROWS_AS(dots(x, one, x, two), std::logic_error);
  CHECK_THROWS_AS(dots(x, one, x, std::vector<Index>{3}), std::logic_error);
}

TEST_CASE("empty axes are defined") {
  for (const Engine* engine : {&fast(), &reference()}) {
    Unit unit(*engine);
    Kernel& k = unit.k;
    const Positive x = numbers(k, {3, 5}, zeros), no_rows = rows(x, 1, 1), no_columns = columns(x, 2, 2);
    CHECK(rows_at(x, none).shape() == Shape{0, 5});
    CHECK(columns_at(x, none).shape() == Shape{3, 0});
    CHECK((no_rows + no_rows).shape() == Shape{0, 5});
    CHECK(exp(no_columns).shape() == Shape{3, 0});
    CHECK(largest(no_rows).rows() == 0);
    CHECK(dots(x, none, x, none).shape() == Shape{0, 1});
    CHECK(beside(no_columns, x).shape() == Shape{3, 5});
    check_inside(sum(no_columns), 2, 0, Rational(0));
    check_inside(dots(no_columns, two, no_columns, two), 1, 0, Rational(0));
    check_inside(sums_of_any(no_columns), 2, 0, Rational(0));
    CHECK(negative(no_rows).empty());
    Total t;
    t.add(no_rows);
    CHECK(t.lower == 0);
    CHECK(t.upper == 0);
    Least least;
    least.add(no_columns);
    least.add(column(no_rows, 0), {});
    least.add(column(x, 0), std::vector<bool>(3, false));
    CHECK(!least.lower);
    CHECK(not_below(column(no_rows, 0), 1).empty());
    check_inside(sum(static_cast<const Real&>(no_columns)), 2, 0, Rational(0));
    check_inside(linear(no_columns, Weights(k, {0, 2}, {})), 2, 1, Rational(0));
    CHECK(linear(no_rows, Weights(k, {5, 2}, std::vector<double>(10, 1.0))).shape() == Shape{0, 2});
    CHECK(linear(x, Weights(k, {5, 0}, {})).shape() == Shape{3, 0});
    CHECK(minus_entries(no_rows, none).shape() == Shape{0, 5});
    const Weights w(k, {3, 0}, {});
    check_inside(rounded(w * transposed(w)), 2, 2, Rational(0));
  }
}
