// M = E W U: the fixed-point tables and the intervals against exact rationals.

#include "families/token_sum/bounds/reference_sums.hpp"
#include "families/token_sum/bounds/tables.hpp"
#include "families/token_sum/truth.hpp"
#include "small_models.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace proofmark;
using namespace proofmark::test;

namespace {

// Largest |M - fixed| / bound; 0 where the table is exact.
void check_logits(const Model& model, std::uint64_t context) {
  const std::vector<Rational> m = exact_logits(model);
  const auto tables = token_sum_tables(model, {context, model.vocabulary}, 2);
  REQUIRE(tables);
  for (std::size_t i = 0; i < m.size(); ++i) {
    const Rational approximation =
        Rational(tables->logits.value[i]) / Rational(power(2, static_cast<std::uint64_t>(tables->logits.scale)));
    CHECK(abs(Rational(m[i] - approximation)) <= Rational(tables->logit_error));
    CHECK(abs(m[i]) <= Rational(tables->largest_logit));
  }
}

} // namespace

TEST_CASE("fixed-point logits are within their error of the exact rationals") {
  for (const std::uint64_t V : {1, 2, 3, 7, 16, 17, 33})
    for (const std::uint64_t d : {1, 2, 5, 16})
      check_logits(random_model(V, d, 1.5, static_cast<unsigned>(100 * V + d)), 1 + (V + d) % 4);
  check_logits(random_model(5, 4, 1e-40, 1), 2);
  check_logits(random_model(5, 4, 3, 2), 64);
  check_logits(peaked_model(20, 30, 3), 2);
}

TEST_CASE("weights that span many orders of magnitude stay within their error") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    check_logits(model(6, 5,
                       [&](int, std::uint64_t, std::uint64_t) {
                         return std::ldexp(uniform(random, 1), -static_cast<int>(random() % 120));
                       }),
                 2);
  }
}

TEST_CASE("estimates that cancel to nothing are corrected: rows of the product are far smaller than their terms") {
  // E row (x, -x) and W with equal rows: P is exactly the rounding residue
  const Model cancelling = model(4, 2, [](int which, std::uint64_t i, std::uint64_t j) {
    if (which == 0) return i == 0 ? 1e6 + static_cast<double>(j) * 0x1p-30 : -1e6;
    return which == 1 ? 1.0 : 1.0 + static_cast<double>(i);
  });
  check_logits(cancelling, 2);
}

TEST_CASE("an error of one in the last place of a factor is counted") {
  // 1 needs bit 59 and 2^-60 + 2^-100 does not fit beside it
  const Model narrow =
      model(2, 2, [](int, std::uint64_t i, std::uint64_t j) { return i == j ? 1.0 : 0x1p-60 + 0x1p-100; });
  const auto tables = token_sum_tables(narrow, {2, 2}, 1);
  REQUIRE(tables);
  CHECK(tables->logits.error > 1);
  check_logits(narrow, 2);
}

TEST_CASE("interval logits contain the exact rationals") {
  for (const double size : {1e-30, 1.0, 1e10}) {
    const Model model = random_model(6, 5, size, 4);
    const std::vector<Interval> m = reference_logits(model, 2);
    const std::vector<Rational> truth = exact_logits(model);
    for (std::size_t i = 0; i < m.size(); ++i) CHECK(contains(m[i], real(truth[i])));
  }
}

TEST_CASE("logits beyond fixed point are refused, not approximated") {
  CHECK_FALSE(token_sum_tables(random_model(3, 3, 1e30, 5), {2, 3}, 1));
  CHECK_FALSE(token_sum_tables(random_model(3, 3, 1e150, 6), {2, 3}, 1));
  CHECK(token_sum_tables(random_model(3, 3, 0, 7), {2, 3}, 1));
}
