// The direction of every rounding in the rules with witnesses and in their tables. Where the tables are exact (all logits equal, so
// that A = 1 and D = 0) nothing but the rule's own operations rounds, by less than one unit of the last place each: the bounds must
// lie on the right side of the theorem's, evaluated by its definition at 400 bits, without any tolerance. Over some hundred shapes
// every operation is the one that decides now and then.
#include "meter.hpp"
#include "token_sum/block_tables.hpp"
#include "token_sum/head_tail_tables.hpp"
#include "token_sum/rules/rules.hpp"
#include "truth.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace verifier;
using namespace verifier::token_sum;
using truth::Big;

namespace {

Big number(const Dyadic& x) {
  return Big(truth::rational(x));
}

// All logits are equal.
Weights level_weights(std::size_t V) {
  return {V, 1, std::vector<Dyadic>(V, Dyadic{0, 0}), {{0, 0}}, std::vector<Dyadic>(V, Dyadic{0, 0})};
}

class Draw {
public:
  explicit Draw(unsigned seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  // In (1/64, 16), of 53 bits: the powers, products and logarithms of such numbers round.
  Dyadic factor() { return {static_cast<std::int64_t>(random_() >> 11 | 1), -49 - static_cast<int>(below(6))}; }

private:
  std::mt19937_64 random_;
};

} // namespace

namespace {

// What one block's step must be no less than, and what the rule finds; A = 1.
struct Compared {
  mpq_class bound, hi, lo;
};

Compared compare_block(const Tables& engine, const BlockWitness& witness, std::uint64_t V, std::size_t j) {
  const auto u = [&](std::uint64_t a) { return witness.factors.empty() ? Big(1) : number(witness.factors[a]); };
  const auto count = [](std::uint64_t n) { return Big(static_cast<int>(n)); };
  const BlockTables tables = make_block_tables(engine, {2, V}, witness, 1);
  Big bound = 0;
  const std::uint64_t p = witness.starts[j], q = witness.starts[j + 1];
  for (std::size_t i = 0; i <= j; ++i) {
    Big own = 0, other = 0, logs = 0;
    const std::uint64_t from = witness.starts[i], to = witness.starts[i + 1];
    for (std::uint64_t a = from; a < to; ++a) {
      other += u(a);
      logs += log(u(a)) * count(q - p);
    }
    for (std::uint64_t b = p; b < q; ++b) {
      own += u(b);
      logs += log(u(b)) * count(to - from);
    }
    const Big pairs = count((to - from) * (q - p));
    const Big term = pairs * log(count(V) * own * other / pairs) - logs;
    bound += i < j ? term + term : term;
  }
  Budget budget{.declared = UINT64_MAX};
  Meter meter(budget);
  const Established found = block_jensen({engine, nullptr, nullptr, &tables, {2, V}, false}, {p, q}, meter);
  return {bound.rational(), exact(found.upper.hi), exact(found.upper.lo)};
}

const mpq_class nothing(1, mpz_class(1) << 300), little(1, mpz_class(1) << 45);

} // namespace

TEST_CASE("block-jensen rounds every operation up, and what it subtracts down") {
  for (unsigned seed = 1; seed <= 4000; ++seed) {
    Draw draw(seed);
    const std::uint64_t V = 1 + draw.below(seed % 4 == 0 ? 12 : 4);
    BlockWitness witness;
    for (std::uint64_t a = 0; a < V; ++a)
      if (a == 0 || draw.below(3) == 0) witness.starts.push_back(a);
    witness.starts.push_back(V);
    if (seed % 4 != 1) // small integers, so that sums and products are exact and the quotient is not
      for (std::uint64_t a = 0; a < V; ++a)
        witness.factors.push_back(seed % 4 == 2 ? Dyadic{static_cast<std::int64_t>(1 + draw.below(9)), 0} : draw.factor());
    const auto engine = make_reference_tables(level_weights(V), 2, 1);
    const std::size_t j = draw.below(witness.starts.size() - 1);
    const Compared found = compare_block(*engine, witness, V, j);
    CHECK(found.bound <= found.hi + nothing); // V = 1: both may be 0
    CHECK(found.hi <= found.bound + little);
    CHECK(found.lo <= found.bound + nothing);
  }
}

TEST_CASE("block-jensen rounds outward where few operations round: single operations decide") {
  // Blocks {0, 1, 2} and {0}, {1, 2, 3}: quotients by 9, multiples of 6; a handful of roundings in all.
  for (unsigned seed = 1; seed <= 6000; ++seed) {
    Draw draw(seed);
    const bool two = seed % 2 == 0;
    BlockWitness witness;
    witness.starts = two ? std::vector<std::uint64_t>{0, 1, 4} : std::vector<std::uint64_t>{0, 3};
    const std::uint64_t V = witness.starts.back();
    const Dyadic first = {static_cast<std::int64_t>(1 + draw.below(1 << 20)), -static_cast<int>(draw.below(24))};
    for (std::uint64_t a = 0; a < V; ++a) {
      const bool varied = two ? a == 0 : a == 2;
      witness.factors.push_back(varied || (two && seed % 4 == 0) ? first : Dyadic{1, 0});
    }
    const auto engine = make_reference_tables(level_weights(V), 2, 1);
    const Compared found = compare_block(*engine, witness, V, two ? 1 : 0);
    CHECK(found.bound <= found.hi);
  }
}

TEST_CASE("block tables: sums are no less than the truth, logarithms no more, and neither by much") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    Draw draw(seed);
    const std::uint64_t V = 2 + draw.below(6);
    BlockWitness witness;
    for (std::uint64_t a = 0; a < V; ++a)
      if (a == 0 || draw.below(2) == 0) witness.starts.push_back(a);
    witness.starts.push_back(V);
    for (std::uint64_t a = 0; a < V; ++a) witness.factors.push_back(draw.factor());
    const Weights weights = truth::random_weights(V, 2, 24, -25, -22, seed);
    const auto m = truth::logit_table(weights);
    const auto engine = make_reference_tables(weights, 2, 1);
    const BlockTables tables = make_block_tables(*engine, {2, V}, witness, 1);
    Big before = 0;
    for (std::size_t i = 0; i + 1 < witness.starts.size(); ++i) {
      Big logs = 0;
      CHECK(exact(tables.logarithms_before[i]) <= before.rational());
      CHECK(before.rational() <= exact(tables.logarithms_before[i]) + little);
      for (std::uint64_t a = witness.starts[i]; a < witness.starts[i + 1]; ++a) logs += log(number(witness.factors[a]));
      CHECK(exact(tables.logarithms[i]) <= logs.rational());
      CHECK(logs.rational() <= exact(tables.logarithms[i]) + little);
      before += logs;
      for (std::uint64_t k = 0; k < V; ++k) {
        Big sum = 0;
        for (std::uint64_t a = witness.starts[i]; a < witness.starts[i + 1]; ++a)
          sum += number(witness.factors[a]) * exp(Big(mpq_class(m[a][k] - *std::max_element(m[a].begin(), m[a].end()))));
        mpfr_t entry; // a view
        tables.sums.view(i * V + k, entry);
        mpq_class found;
        mpfr_get_q(found.get_mpq_t(), entry);
        CHECK(sum.rational() <= found);
        CHECK(found <= sum.rational() + little);
      }
    }
  }
}

TEST_CASE("block-jensen with one token a block: single operations decide") {
  for (std::uint64_t V = 2; V <= 60; ++V) {
    BlockWitness witness;
    for (std::uint64_t a = 0; a <= V; ++a) witness.starts.push_back(a);
    const auto engine = make_reference_tables(level_weights(V), 2, 1);
    const BlockTables tables = make_block_tables(*engine, {2, V}, witness, 1);
    for (std::uint64_t y = 0; y < V; ++y) {
      Budget budget{.declared = UINT64_MAX};
      Meter meter(budget);
      const Established found = block_jensen({*engine, nullptr, nullptr, &tables, {2, V}, false}, {y, y + 1}, meter);
      const Big bound = Big(static_cast<int>(2 * y + 1)) * log(Big(static_cast<int>(V)));
      CHECK(bound.rational() <= exact(found.upper.hi));
    }
  }
}
