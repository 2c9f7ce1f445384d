// Sums of products without rounding: the bits of every result lie in the span that is said, for the numbers that need all of it.
#include "exact_sums.hpp"
#include "reason.hpp"
#include "truth.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace verifier;

namespace {

bool is_empty(const Span& span) {
  return span.highest < span.lowest;
}

// Of x that is not zero.
Span span_of(mpq_class x) {
  x.canonicalize();
  REQUIRE(mpz_popcount(x.get_den_mpz_t()) == 1);
  const long exponent = -static_cast<long>(mpz_scan1(x.get_den_mpz_t(), 0));
  const mpz_class magnitude = abs(x.get_num());
  return {exponent + static_cast<long>(mpz_scan1(magnitude.get_mpz_t(), 0)),
          exponent + static_cast<long>(mpz_sizeinbase(magnitude.get_mpz_t(), 2)) - 1};
}

void check_inside(const mpq_class& x, const Span& span) {
  if (x == 0) return;
  const Span own = span_of(x);
  CHECK(span.lowest <= own.lowest);
  CHECK(own.highest <= span.highest);
}

// All ones: nothing of `bits` bits is longer, nor is its square.
Dyadic longest(int bits, int exponent, bool negative = false) {
  const std::int64_t ones = (std::int64_t{1} << bits) - 1;
  return {negative ? -ones : ones, exponent};
}

} // namespace

TEST_CASE("the span of numbers is where their bits are") {
  CHECK(is_empty(verifier::span_of({})));
  CHECK(is_empty(verifier::span_of({{0, 7}, {0, -7}})));
  std::mt19937_64 random(1);
  for (int round = 0; round < 500; ++round) {
    std::vector<Dyadic> numbers(1 + random() % 3, Dyadic{0, 0});
    Span expected;
    for (Dyadic& x : numbers) {
      x = {static_cast<std::int64_t>(random() >> (11 + random() % 53)), static_cast<int>(random() % 200) - 100};
      if (random() % 2 == 0) x.mantissa = -x.mantissa;
      if (x.mantissa == 0) continue;
      const Span own = span_of(truth::rational(x));
      expected = is_empty(expected)
                     ? own
                     : Span{std::min(expected.lowest, own.lowest), std::max(expected.highest, own.highest)};
    }
    const Span found = verifier::span_of(numbers);
    CHECK(is_empty(found) == is_empty(expected));
    if (is_empty(expected)) continue;
    CHECK(found.lowest == expected.lowest);
    CHECK(found.highest == expected.highest);
  }
}

TEST_CASE("spans of sums and products hold the longest of them") {
  const Span none;
  for (const auto& [bits, exponent] : {std::pair{1, 0}, {2, -3}, {24, 40}, {53, -100}})
    for (const auto& [other_bits, other_exponent] : {std::pair{1, 5}, {3, -3}, {53, -60}, {53, -100}}) {
      const Dyadic x = longest(bits, exponent), y = longest(other_bits, other_exponent, true);
      const Span x_span = verifier::span_of({x}), y_span = verifier::span_of({y});
      check_inside(truth::rational(x) - truth::rational(y), span_of_sums(x_span, y_span));
      check_inside(truth::rational(x) + truth::rational(y), span_of_sums(x_span, y_span));
      for (const Span& span : {span_of_sums(x_span, none), span_of_sums(none, x_span)}) { // nothing is added
        CHECK(span.lowest == x_span.lowest);
        CHECK(span.highest == x_span.highest);
      }
      for (const unsigned terms : {1u, 2u, 3u, 7u, 8u, 4095u, 4096u})
        check_inside(terms * truth::rational(x) * truth::rational(y), span_of_products(x_span, y_span, terms));
      CHECK(is_empty(span_of_products(x_span, none, 3)));
      CHECK(is_empty(span_of_products(none, y_span, 3)));
    }
  CHECK(is_empty(span_of_sums(none, none)));
  CHECK(is_empty(span_of_products(none, none, 3)));
}

TEST_CASE("the precision of a span is enough, and one bit less is noticed") {
  for (const std::size_t terms : {1u, 3u, 7u}) {
    const std::vector<Dyadic> x(terms, longest(53, -10)), y(terms, longest(53, 4, true));
    const ExactMatrix product = times_transposed(exact_matrix(x, 1, terms), exact_matrix(y, 1, terms), 1);
    const mpq_class expected = terms * truth::rational(x[0]) * truth::rational(y[0]);
    CHECK(exact(product.at(0, 0)) == expected);
    // Its bits are those from the lowest to the highest of the span, if there are three or seven terms.
    if (terms > 1) CHECK(bits(span_of(expected)) == bits(product.span));
    Real short_of(bits(span_of(expected)) - 1), term(bits(product.span));
    CHECK_THROWS_AS(multiply_exactly(std::span(&short_of, 1), exact_matrix(x, 1, terms).row(0),
                                     exact_matrix(y, 1, terms).row(0), term),
                    Failure);
  }
  std::vector<Real> out(1, Real(bits({-10, 100})));
  Real term(bits({-10, 100}));
  const ExactMatrix two = exact_matrix({{2, 0}, {3, 0}}, 1, 2), four = exact_matrix({{5, 0}, {7, 0}}, 1, 2);
  for (int round = 0; round < 2; ++round) { // whatever was there before
    multiply_exactly(out, two.row(0), four.entries, term);
    CHECK(exact(out[0]) == 31);
  }
  const ExactMatrix x = exact_matrix({longest(53, 20)}, 1, 1), y = exact_matrix({longest(53, -33)}, 1, 1);
  CHECK(exact(plus_row(x, y.row(0), y.span).at(0, 0)) ==
        truth::rational(longest(53, 20)) + truth::rational(longest(53, -33)));
  CHECK_THROWS_AS(plus_row(x, y.row(0), x.span), Failure); // a row that is not where it is said to be
  CHECK(bits({3, 3}) == precision);
  CHECK(bits({-40, 60}) == 101);
}
