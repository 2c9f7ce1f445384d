// The direction of every rounding in the rules with witnesses and in their tables. Where the tables are exact (all logits equal, so
// that A = 1 and D = 0) nothing but the rule's own operations rounds, by less than one unit of the last place each: the bounds must
// lie on the right side of the theorem's, evaluated by its definition at 400 bits, without any tolerance. Over some hundred shapes
// every operation is the one that decides now and then.
#include "meter.hpp"
#include "token_sum/block_tables.hpp"
#include "token_sum/head_tail_tables.hpp"
#include "token_sum/rules/rules.hpp"
#include "truth.hpp"
#include "witness_draws.hpp"

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
        witness.factors.push_back(seed % 4 == 2 ? Dyadic{static_cast<std::int64_t>(1 + draw.below(9)), 0}
                                                : draw.factor());
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
          sum +=
              number(witness.factors[a]) * exp(Big(mpq_class(m[a][k] - *std::max_element(m[a].begin(), m[a].end()))));
        const mpq_class found = truth::entry(tables.sums, i * V + k);
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

namespace {

// Reals of 53 bits, so that whatever is made of them rounds; or of few, so that little does, and what does decides.
HeadTailWitness rounding_witness(std::uint64_t V, std::uint64_t n, unsigned seed) {
  draws::Draw draw(seed);
  Draw factors(seed);
  HeadTailWitness witness = draws::random_witness(V, n, draw);
  for (auto* values : {&witness.weights, &witness.token_factors, &witness.label_factors})
    for (Dyadic& x : *values)
      if (x.mantissa != 0)
        x = seed / 3 % 2 == 0
                ? factors.factor()
                : Dyadic{static_cast<std::int64_t>(1 + factors.below(15)), -static_cast<int>(factors.below(6))};
  return witness;
}

struct Bounds {
  Big lower = 0, upper = 0;
};

// The theorem of docs/rules/head-tail.md where A = 1 and D = 0, for the inputs with label y, every ordering on its own.
Bounds level_bounds(const HeadTailWitness& witness, std::uint64_t n, Token y) {
  const std::uint64_t V = witness.vocabulary;
  const auto weight = [&](std::size_t k) { return witness.weights.empty() ? Big(1) : number(witness.weights[k]); };
  Bounds bounds;
  std::vector<Token> t(n, 0);
  do {
    std::vector<Token> sorted = t;
    std::sort(sorted.begin(), sorted.end());
    if (sorted.back() == y) {
      const std::size_t level = witness.level(draws::index_of(t));
      const bool is_exact = witness.is_exact(level);
      const auto in_head = [&](Token a, std::size_t k) {
        if (is_exact) return true;
        const auto head = witness.head(a, level);
        return std::find(head.begin(), head.end(), k) != head.end();
      };
      int in_union = 0;
      for (std::size_t k = 0; k < V; ++k)
        in_union += std::any_of(t.begin(), t.end(), [&](Token a) { return in_head(a, k); });
      const Big low = in_union, z = static_cast<int>(V);
      Big high = low;
      for (std::uint64_t group = 0; group < witness.group_count && !is_exact; ++group) {
        Big product = 1;
        const std::size_t factors = n == 2 ? 2 : n - 1;
        for (std::size_t i = 0; i < factors; ++i) {
          Big sum = 0;
          for (std::size_t k = 0; k < V; ++k)
            if (witness.group(k) == group && !in_head(sorted[i], k) && (n == 2 || !in_head(y, k)))
              sum += n > 3 ? Big(1) : i == 0 ? weight(k) : Big(1) / weight(k);
          product *= root(sum, factors);
        }
        high += product;
      }
      Big m = witness.has_multipliers() ? number(witness.label_factors[y]) : Big(0);
      for (const Token a : t)
        if (witness.has_multipliers()) m *= number(witness.token_factors[a]);
      const Big best = Big(1) <= m * low ? low : m * high <= Big(1) ? high : Big(1) / m;
      bounds.upper += log(best) - m * best + m * z;
      bounds.lower += log(low);
    }
  } while (truth::next_input(t, V));
  return bounds;
}

} // namespace

TEST_CASE("head-tail rounds every operation outward") {
  for (unsigned seed = 1; seed <= 12000; ++seed) {
    const std::uint64_t n = seed % 8 == 0 ? 4 : seed % 2 == 0 ? 3 : 2, V = 1 + seed / 8 % (n == 2 ? 5 : 3);
    const HeadTailWitness witness = rounding_witness(V, n, seed);
    const auto engine = make_reference_tables(level_weights(V), n, 1);
    const Task task{n, V};
    const HeadTailTables tables = make_head_tail_tables(*engine, task, witness, 1);
    const auto rows = engine->rows();
    const Token y = static_cast<Token>(seed % 5 == 0 ? seed / 64 % V : seed % std::min<std::uint64_t>(V, 2));
    Budget budget{.declared = UINT64_MAX};
    Meter meter(budget);
    const Established found = head_tail({*engine, nullptr, &tables, nullptr, task, false}, *rows, y, meter);
    const Bounds bounds = level_bounds(witness, n, y);
    const mpq_class lower = bounds.lower.rational(), upper = bounds.upper.rational();
    CHECK(exact(found.lower.lo) <= lower + nothing);
    CHECK(upper <= exact(found.upper.hi) + nothing);
    const mpq_class size = abs(upper) + 1000000; // of the terms that cancel: multipliers reach 2^12
    CHECK(exact(found.upper.hi) <= upper + size * little);
    CHECK(lower <= exact(found.lower.lo) + size * little);
  }
}

namespace {

// Of the label y, where A = 1: the bounds found lie outside the theorem's.
void check_outward(const HeadTailWitness& witness, std::uint64_t n, Token y) {
  const Task task{n, witness.vocabulary};
  const auto engine = make_reference_tables(level_weights(witness.vocabulary), n, 1);
  const HeadTailTables tables = make_head_tail_tables(*engine, task, witness, 1);
  Budget budget{.declared = UINT64_MAX};
  Meter meter(budget);
  const Established found = head_tail({*engine, nullptr, &tables, nullptr, task, false}, *engine->rows(), y, meter);
  const Bounds bounds = level_bounds(witness, n, y);
  CHECK(exact(found.lower.lo) <= bounds.lower.rational() + nothing);
  CHECK(bounds.upper.rational() <= exact(found.upper.hi) + nothing);
}

} // namespace

TEST_CASE("head-tail, multipliers: one label factor that rounds, all else exact") {
  for (unsigned seed = 1; seed <= 6000; ++seed) {
    Draw draw(seed);
    // Of one input, v T is rounded as m z is and covers it; of several inputs it need not.
    const std::uint64_t n = seed % 4 == 0 ? 3 : 2, V = n == 3 ? 2 : 3 + seed / 8 % 3;
    HeadTailWitness witness = draws::equal_heads(V, 1 + draw.below(V));
    for (std::uint64_t a = 0; a < V; ++a) {
      const Dyadic v = draw.factor();
      witness.token_factors.push_back(
          {static_cast<std::int64_t>(1 + draw.below(1 << (n == 3 ? 4 : 8))), n == 3 ? -3 : -7});
      witness.label_factors.push_back({v.mantissa, v.exponent + static_cast<int>(draw.below(12))});
    }
    check_outward(witness, n, seed % 8 == 1 ? 0 : 1);
  }
}

TEST_CASE("head-tail, tails: column weights that round, and roots of whole numbers") {
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    Draw draw(seed);
    HeadTailWitness witness = draws::equal_heads(5, 1 + draw.below(3));
    for (int k = 0; k < 5; ++k) {
      const Dyadic w = draw.factor();
      witness.weights.push_back({w.mantissa, w.exponent + static_cast<int>(draw.below(12))});
    }
    check_outward(witness, 2, 0);
  }
  for (std::uint64_t n = 3; n <= 7; ++n)
    for (std::uint64_t V = 2; V <= 20; ++V)
      for (std::uint64_t size = 1; size < V; ++size) {
        const HeadTailWitness witness = draws::equal_heads(V, size);
        const Task task{n, V};
        const auto engine = make_reference_tables(level_weights(V), n, 1);
        const HeadTailTables tables = make_head_tail_tables(*engine, task, witness, 1);
        Budget budget{.declared = UINT64_MAX};
        Meter meter(budget);
        const Established found =
            head_tail({*engine, nullptr, &tables, nullptr, task, false}, *engine->rows(), 0, meter);
        CHECK(log(Big(static_cast<int>(V))).rational() <= exact(found.upper.hi)); // U = size + (V - size)
        CHECK(exact(found.lower.lo) <= log(Big(static_cast<int>(size))).rational());
      }
}

TEST_CASE("head-tail rounds outward where one output is in the tail") {
  // n = 3, the input (0, 0, 0): M[0,.] = (0, -x), so that Z <= 1 + (A A^2)^(1/2) (A A^2)^(1/2) with A = exp(-x), and no label term.
  for (unsigned seed = 1; seed <= 4000; ++seed) {
    const Dyadic minus_x{-static_cast<std::int64_t>(1 + seed), -24};
    const Weights weights{2, 1, {{1, 0}, {1, 0}}, {{1, 0}}, {{0, 0}, minus_x}};
    HeadTailWitness witness{};
    witness.vocabulary = 2;
    witness.longest = 1;
    witness.heads = {0, 0};
    witness.sizes = {1};
    const auto engine = make_reference_tables(weights, 3, 1);
    const Task task{3, 2};
    const HeadTailTables tables = make_head_tail_tables(*engine, task, witness, 1);
    Budget budget{.declared = UINT64_MAX};
    Meter meter(budget);
    const Established found = head_tail({*engine, nullptr, &tables, nullptr, task, false}, *engine->rows(), 0, meter);
    const mpq_class bound = log(Big(1) + exp(Big(3) * number(minus_x))).rational();
    CHECK(bound <= exact(found.upper.hi));
    CHECK(exact(found.upper.hi) <= bound + little);
    CHECK(exact(found.lower.lo) == 0);
  }
}

TEST_CASE("head-tail tables: norms, powers and totals are no less than the truth, and not by much") {
  for (unsigned seed = 1; seed <= 120; ++seed) {
    const std::uint64_t n = 2 + seed % 3, V = 1 + seed / 3 % (n == 4 ? 3 : 5);
    const HeadTailWitness witness = rounding_witness(V, n, seed);
    const Weights weights = truth::random_weights(V, 2, 24, -25, -22, seed);
    const auto m = truth::logit_table(weights);
    const auto engine = make_reference_tables(weights, n, 1);
    const HeadTailTables tables = make_head_tail_tables(*engine, {n, V}, witness, 1);
    std::vector<std::vector<Big>> entries(V);
    for (std::size_t a = 0; a < V; ++a)
      for (std::size_t k = 0; k < V; ++k)
        entries[a].push_back(exp(Big(mpq_class(m[a][k] - *std::max_element(m[a].begin(), m[a].end())))));
    const auto no_less = [](const mpq_class& found, const mpq_class& true_value) {
      CHECK(true_value <= found);
      CHECK(found <= true_value * (1 + little));
    };
    for (std::size_t side = 0; side < tables.sides; ++side)
      for (std::size_t a = 0; a < V; ++a) {
        const auto powered = [&](std::size_t k) {
          Big x = 1;
          for (std::uint64_t i = 0; i < std::max<std::uint64_t>(2, n - 1); ++i) x *= entries[a][k];
          if (!witness.weights.empty()) x = side == 0 ? x * number(witness.weights[k]) : x / number(witness.weights[k]);
          return x;
        };
        for (std::size_t k = 0; k < V && n > 2; ++k)
          no_less(truth::entry(tables.powers[side], a * V + k), powered(k).rational());
        for (std::size_t level = 0; level < witness.inexact_levels() && n == 2; ++level)
          for (std::size_t group = 0; group < witness.group_count; ++group) {
            const auto head = witness.head(a, level);
            Big sum = 0;
            for (std::size_t k = 0; k < V; ++k)
              if (witness.group(k) == group && std::find(head.begin(), head.end(), k) == head.end()) sum += powered(k);
            const std::size_t i = a * tables.norms_of_token() + tables.norm_index(level, group);
            no_less(truth::entry(tables.norms[side], i), root(sum, 2).rational());
          }
      }
    if (!witness.has_multipliers()) continue;
    for (std::size_t a = 0; a < V; ++a) {
      if (witness.token_factors[a].mantissa == 0)
        CHECK(exact(tables.reciprocals[a]) == 0);
      else
        no_less(exact(tables.reciprocals[a]), (Big(1) / number(witness.token_factors[a])).rational());
    }
    std::vector<Big> below(V, Big(0));
    for (std::size_t y = 0; y < V; ++y) {
      Big total = 0;
      for (std::size_t k = 0; k < V; ++k) {
        const Big before = below[k], after = before + number(witness.token_factors[y]) * entries[y][k];
        Big old_power = 1, new_power = 1;
        for (std::uint64_t i = 0; i < n; ++i) {
          old_power *= before;
          new_power *= after;
        }
        total += new_power - old_power;
        below[k] = after;
      }
      no_less(exact(tables.totals[y]), total.rational());
    }
  }
}
