// The tables of head-tail@1 from entries that are given exactly: what is made of them is no less than what the definitions
// give for these entries, without any tolerance, so that single roundings decide.
#include "number.hpp"
#include "token_sum/head_tail_tables.hpp"
#include "truth.hpp"
#include "witness_draws.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace verifier;
using namespace verifier::token_sum;
using truth::Big;

namespace {

// An engine whose upper ends of A are these numbers. Nothing else is asked of it.
class GivenEntries final : public Tables {
public:
  GivenEntries(std::size_t V, std::vector<Dyadic> entries) : vocabulary_(V), entries_(std::move(entries)) {}
  std::unique_ptr<Rows> rows() const override { return nullptr; }
  Interval label_term(Token, const mpz_class&, const mpz_class&) const override { return exactly(0); }
  std::string_view engine() const override { return "given"; }
  void entry_from_above(Token a, std::size_t k, Real& x) const override {
    const Dyadic& entry = entries_[a * vocabulary_ + k];
    mpfr_set_sj_2exp(x.get(), entry.mantissa, entry.exponent, MPFR_RNDU); // exact
  }

private:
  std::size_t vocabulary_;
  std::vector<Dyadic> entries_;
};

std::mt19937_64 generator(unsigned seed) {
  return std::mt19937_64(seed);
}

// Few bits or 53, over many orders of magnitude: sums and products round now and then.
Dyadic draw_factor(std::mt19937_64& random) {
  const int bits = random() % 3 == 0 ? 53 : 1 + static_cast<int>(random() % 32);
  const auto mantissa = static_cast<std::int64_t>(random() >> (64 - bits) | 1);
  return {mantissa, -static_cast<int>(random() % 64)};
}

mpq_class power(const mpq_class& x, std::uint64_t k) {
  mpq_class result = 1;
  for (std::uint64_t i = 0; i < k; ++i) result *= x;
  return result;
}

void check_totals(std::size_t V, std::uint64_t n, const std::vector<Dyadic>& entries,
                  const std::vector<Dyadic>& factors) {
  HeadTailWitness witness = draws::equal_heads(V, 1);
  witness.token_factors = witness.label_factors = factors;
  const HeadTailTables tables = make_head_tail_tables(GivenEntries(V, entries), {n, V}, witness, 1);
  std::vector<mpq_class> below(V, 0);
  for (std::size_t y = 0; y < V; ++y) {
    mpq_class total = 0;
    for (std::size_t k = 0; k < V; ++k) {
      const mpq_class after = below[k] + truth::rational(factors[y]) * truth::rational(entries[y * V + k]);
      total += power(after, n) - power(below[k], n);
      below[k] = after;
    }
    CHECK(total <= exact(tables.totals[y]));
    CHECK(exact(tables.totals[y]) <= total * (1 + times_power_of_two(1, -50)));
  }
}

} // namespace

TEST_CASE("totals are no less than the sum of all powers, whatever rounds") {
  for (unsigned seed = 1; seed <= 8000; ++seed) {
    auto random = generator(seed);
    const std::size_t V = 1 + seed % 3;
    std::vector<Dyadic> entries(V * V, Dyadic{1, 0}), factors(V);
    for (Dyadic& u : factors) u = draw_factor(random);
    if (seed % 5 == 0)
      for (Dyadic& x : entries) x = draw_factor(random);
    check_totals(V, 2 + seed % 4, entries, factors);
  }
}

TEST_CASE("totals of many columns, which are summed in parts") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    auto random = generator(seed);
    const std::size_t V = 129; // the last of 64 parts has three columns; the others are zero
    std::vector<Dyadic> entries(V * V, Dyadic{0, 0}), factors(V, Dyadic{0, 0});
    for (std::size_t k = V - 3; k < V; ++k) entries[k] = {1, 0};
    factors[0] = {static_cast<std::int64_t>(random() >> 32 | 1 | std::uint64_t{1} << 31),
                  -16}; // u² has 64 bits, 3 u² more
    check_totals(V, 2, entries, factors);
  }
}

TEST_CASE("norms with respect to a label are no less than the roots of their sums, whatever rounds") {
  for (unsigned seed = 1; seed <= 8000; ++seed) {
    auto random = generator(seed);
    const std::uint64_t n = 3 + seed % 2, p = n - 1;
    const std::size_t V = 2 + seed % 2;
    std::vector<Dyadic> entries(V * V, Dyadic{1, 0});
    const Token y = static_cast<Token>(V - 1);
    for (std::size_t k = 0; k < V; ++k) entries[y * V + k] = draw_factor(random);
    const GivenEntries engine(V, entries);
    HeadTailWitness witness = draws::equal_heads(V, 1);
    if (n == 3 && seed % 4 != 0)
      for (std::size_t k = 0; k < V; ++k) witness.weights.push_back(draw_factor(random));
    const HeadTailTables tables = make_head_tail_tables(engine, {n, V}, witness, 1);
    LabelNorms label_norms(engine, tables, y);
    PackedReals norms(1);
    for (std::size_t side = 0; side < tables.sides; ++side)
      for (std::size_t a = 0; a < V; ++a) {
        mpq_class sum = 0;
        for (std::size_t k = 1; k < V; ++k) {
          const mpq_class w = witness.weights.empty() ? mpq_class(1) : truth::rational(witness.weights[k]);
          mpq_class term = truth::rational(entries[y * V + k]) * power(truth::rational(entries[a * V + k]), p);
          term *= side == 0 ? w : mpq_class(1 / w);
          sum += term;
        }
        label_norms.make(side, static_cast<Token>(a), norms, 0);
        const mpq_class found = truth::entry(norms, 0);
        CHECK(sum <= power(found, p));
        CHECK(power(found, p) <= sum * (1 + times_power_of_two(1, -55)));
      }
  }
}
