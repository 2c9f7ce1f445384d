// The exact rules and convexity, both engines, against the truth by definition at 400 bits, and the operation counts against the
// closed formulas of docs/rules/.
#include "meter.hpp"
#include "reason.hpp"
#include "token_sum/rules/rules.hpp"
#include "token_sum/self_products.hpp"
#include "truth.hpp"

#include <doctest/doctest.h>

using namespace verifier;
using namespace verifier::token_sum;

namespace {

using Close = Established (*)(const Problem&, Rows&, Token, Meter&);

struct Found {
  std::vector<Established> labels;
  Operations operations;
};

Found close_all(const Tables& tables, Close close, const Task& task, bool correct) {
  Budget budget{.declared = UINT64_MAX};
  Found found;
  const SelfProducts self_products =
      task.context == 2 ? make_self_products(tables, task.vocabulary, 1) : SelfProducts{};
  const auto rows = tables.rows();
  for (Token y = 0; y < task.vocabulary; ++y) {
    Meter meter(budget);
    found.labels.push_back(close({tables, &self_products, nullptr, nullptr, task, correct}, *rows, y, meter));
    found.operations += meter.operations;
  }
  return found;
}

Interval enclosure(const Established& label) {
  return {label.lower.lo, label.upper.hi};
}

// Checks containment for every label and returns the largest width per input.
void check_against_truth(const Weights& weights, std::uint64_t n, double widest_per_input, bool exact_engine_fits,
                         bool decides_all = true) {
  const auto labels = truth::by_label(weights, n);
  const Task task{n, weights.vocabulary};
  const auto exact_tables = make_exact_tables(weights, n, 2);
  CHECK((exact_tables != nullptr) == exact_engine_fits);
  const auto reference_tables = make_reference_tables(weights, n, 2);
  for (const Tables* tables : {exact_tables.get(), reference_tables.get()}) {
    if (tables == nullptr) continue;
    for (const Close close : {enumeration, symmetry}) {
      const Found found = close_all(*tables, close, task, true);
      for (std::size_t y = 0; y < labels.size(); ++y) {
        const Interval loss = enclosure(found.labels[y]);
        CHECK(exact(loss.lo) <= labels[y].loss);
        CHECK(labels[y].loss <= exact(loss.hi));
        const double inputs = mpz_class(power(y + 1, n) - power(y, n)).get_d();
        const double width = mpq_class(exact(loss.hi) - exact(loss.lo)).get_d();
        CHECK(width <= widest_per_input * inputs);
        CHECK(found.labels[y].correct <= labels[y].correct);
        CHECK(labels[y].correct <= found.labels[y].correct + found.labels[y].undecided);
        if (decides_all) CHECK(found.labels[y].undecided == 0);
      }
    }
  }
}

} // namespace

TEST_CASE("enclosures contain the truth: ordinary weights, every small size") {
  unsigned seed = 10;
  for (const std::uint64_t n : {1, 2, 3, 4})
    for (std::size_t V = 1; V <= (n == 4 ? 5u : n == 3 ? 7u : 12u); ++V)
      for (const std::size_t d : {1, 3})
        check_against_truth(truth::random_weights(V, d, 24, -25, -22, ++seed), n, 1e-12, true);
}

TEST_CASE("enclosures contain the truth: odd sizes up to 33") {
  for (const std::size_t V : {17, 31, 32, 33})
    check_against_truth(truth::random_weights(V, 4, 24, -26, -23, static_cast<unsigned>(V)), 2, 1e-12, true);
}

TEST_CASE("enclosures contain the truth: weights that need more than the exact engine holds") {
  check_against_truth(truth::random_weights(5, 2, 53, -55, -50, 1), 2, 1e-12,
                      true); // float64: held up to a proved error
  check_against_truth(truth::random_weights(6, 3, 24, -120, -20, 2), 2, 1e-12, true,
                      false); // a wide range of magnitudes
  check_against_truth(truth::random_weights(4, 2, 24, -19, -18, 3), 2, 1e-9,
                      false); // logits of hundreds of thousands of nats
}

TEST_CASE("enclosures contain the truth: logits of thousands of nats") {
  const Weights w = truth::random_weights(6, 2, 24, -21, -20, 4);
  check_against_truth(w, 2, 1e-11, make_exact_tables(w, 2, 1) != nullptr);
}

TEST_CASE("zero matrices: every output ties, nothing is correct, the loss is ln V") {
  for (const std::size_t V : {1, 2, 3, 33}) {
    Weights w = truth::random_weights(V, 2, 24, -25, -22, 5);
    for (auto& x : w.linear) x = {0, 0};
    check_against_truth(w, 2, 1e-12, true, false);
    const auto tables = make_exact_tables(w, 2, 1);
    for (const auto& label : close_all(*tables, symmetry, {2, V}, true).labels)
      CHECK(label.correct == (V == 1 ? 1 : 0));
  }
}

TEST_CASE("exact ties between the label and another output are never credited") {
  Weights w = truth::random_weights(5, 2, 24, -25, -22, 6);
  for (std::size_t j = 0; j < 2; ++j) w.unembedding[1 * 2 + j] = w.unembedding[4 * 2 + j]; // outputs 1 and 4 always tie
  check_against_truth(w, 2, 1e-12, true, false);
  for (const auto& tables : {make_exact_tables(w, 2, 1), make_reference_tables(w, 2, 1)}) {
    const Found found = close_all(*tables, symmetry, {2, 5}, true);
    CHECK(found.labels[4].correct == 0);
    CHECK(found.labels[1].correct == 0);
  }
}

TEST_CASE("logits too far apart are declined, just inside they are not") {
  // One weight: M[a,k] = e_a · u_k with u = (0, 1): the range of row a is |e_a|.
  const auto weights = [](std::int64_t nats) { return Weights{2, 1, {{nats, 0}, {1, 0}}, {{1, 0}}, {{0, 0}, {1, 0}}}; };
  CHECK_NOTHROW(make_reference_tables(weights(1 << 20), 2, 1));
  CHECK_THROWS_AS(make_reference_tables(weights((1 << 20) + 1), 2, 1), Failure);
  CHECK_THROWS_AS(make_reference_tables(weights(-(1 << 20) - 1), 2, 1), Failure);
}

// docs/rules/convexity.md: the bound that the theorem states, from losses of single inputs and mixtures.
static mpq_class convexity_bound(const std::vector<std::vector<mpq_class>>& m, std::uint64_t n, std::size_t y) {
  const auto f = [&](std::size_t a, std::uint64_t k, std::uint64_t copies_of_y) {
    std::vector<mpq_class> counts(m.size());
    counts[a] += mpz_class(k);
    counts[y] += mpz_class(copies_of_y);
    return truth::input(m, counts, y).loss;
  };
  mpq_class bound = f(y, n, 0);
  for (std::size_t a = 0; n == 2 && a < y; ++a) bound += f(a, 2, 0) + f(y, 2, 0);
  for (std::uint64_t copies = 1; n != 2 && copies < n; ++copies) {
    mpz_class choices;
    mpz_bin_uiui(choices.get_mpz_t(), n, copies);
    for (std::size_t a = 0; a < y; ++a) bound += choices * power(y, n - copies - 1) * f(a, n - copies, copies);
  }
  return bound;
}

TEST_CASE("convexity computes its theorem's bound, which the truth does not exceed") {
  unsigned seed = 40;
  for (const std::uint64_t n : {1, 2, 3, 4}) {
    for (std::size_t V = 1; V <= 6; ++V) {
      const Weights w = truth::random_weights(V, 2, 24, -25, -22, ++seed);
      const auto labels = truth::by_label(w, n);
      const auto m = truth::logit_table(w);
      for (const auto& tables : {make_exact_tables(w, n, 2), make_reference_tables(w, n, 2)}) {
        const Found found = close_all(*tables, convexity, {n, V}, true);
        for (std::size_t y = 0; y < V; ++y) {
          const mpq_class theorem = convexity_bound(m, n, y), lo = exact(found.labels[y].upper.lo),
                          hi = exact(found.labels[y].upper.hi);
          CHECK(labels[y].loss <= theorem);
          CHECK(lo <= theorem);
          CHECK(theorem <= hi);
          CHECK(mpq_class(hi - lo).get_d() <= 1e-11 * mpz_class(power(y + 1, n)).get_d());
          CHECK(found.labels[y].correct <= labels[y].correct);
        }
      }
    }
  }
}

TEST_CASE("accuracy from loss: the floor of the loss in units of ln 2 is what may be wrong") {
  Budget budget{.declared = UINT64_MAX};
  const auto correct = [&](const mpq_class& bound) {
    Meter meter(budget);
    Established established;
    established.upper = enclose(bound, bound);
    count_from_loss(5, established, meter);
    CHECK(established.correct + established.undecided == 5);
    return established.correct;
  };
  CHECK(correct(0) == 5);
  CHECK(correct(mpq_class(69, 100)) == 5);
  CHECK(correct(mpq_class(70, 100)) == 4);
  CHECK(correct(mpq_class(2772, 1000)) == 2); // 4 ln 2 = 2.7725..
  CHECK(correct(mpq_class(2773, 1000)) == 1);
  CHECK(correct(1000) == 0);
}

namespace {

std::uint64_t binomial(std::uint64_t n, std::uint64_t k) {
  mpz_class value;
  mpz_bin_uiui(value.get_mpz_t(), n, k);
  return value.get_ui();
}

// docs/rules/enumeration.md
Operations enumeration_formula(std::uint64_t V, std::uint64_t n, std::uint64_t y, bool correct) {
  const std::uint64_t N = mpz_class(power(y + 1, n) - power(y, n)).get_ui();
  std::uint64_t X = 0;
  for (std::uint64_t j = 1; n >= 3 && j <= n; ++j) {
    std::uint64_t nodes = 1;
    for (std::uint64_t i = 1; i + 2 <= n; ++i) X += nodes *= i < j ? y : y + 1;
  }
  Operations o;
  o.mul = 2 * V * X + (n > 1 ? 2 * V * N : 0) + 2 * N + 2;
  o.add = 2 * (V - 1) * N + y + 1 + 4;
  o.log = 2;
  if (correct) {
    o.add += n > 1 ? V * X + V * N : 0;
    o.compare += (V - 1) * N;
  }
  return o;
}

// docs/rules/symmetry.md
Operations symmetry_formula(std::uint64_t V, std::uint64_t n, std::uint64_t y, bool correct) {
  if (n == 1) return enumeration_formula(V, n, y, correct);
  const std::uint64_t T = binomial(y + n - 1, n - 1), R = binomial(y + n - 2, n - 2), K = binomial(y + n - 1, n - 2);
  std::uint64_t X = 0;
  for (std::uint64_t r = 1; r + 2 <= n; ++r) X += binomial(y + r, r);
  Operations o;
  o.mul = 2 * V * X + 2 * V * T + 2 * (T - R) + 2 * K + 2 * R + 2 * R + 2;
  o.add = 2 * (V - 1) * T + 2 * R + y + 1 + 4;
  o.log = 2 * R;
  if (correct) {
    o.add += V * X + V * T;
    o.compare += (V - 1) * T;
  }
  return o;
}

// docs/rules/convexity.md
Operations convexity_formula(std::uint64_t V, std::uint64_t n, std::uint64_t y, bool correct) {
  Operations o;
  if (n == 2) {
    o.add = 1;
    o.mul = 1;
  } else {
    o.mul = (n >= 3 ? V * (n - 2) + V * y * (n - 1) * (n - 2) / 2 : 0) + (n == 1 ? 0 : V * (y * (n - 1) + 1)) +
            y * (n - 1) + n - 1;
    o.add = (V - 1) * (y * (n - 1) + 1) + n;
    o.log = n;
  }
  o.add += y + 1 + 2;
  o.mul += 2;
  if (correct) {
    o.div += 1;
    o.add += 1;
    o.compare += 1;
  }
  return o;
}

} // namespace

TEST_CASE("performed operations equal the closed formulas") {
  for (std::uint64_t n = 1; n <= 5; ++n) {
    for (std::uint64_t V = 1; V <= (n == 5 ? 4u : 6u); ++V) {
      const auto tables = make_exact_tables(truth::random_weights(V, 2, 24, -25, -22, 8), n, 1);
      for (const bool correct : {false, true}) {
        Operations by_enumeration, by_symmetry, by_convexity;
        for (std::uint64_t y = 0; y < V; ++y) {
          by_enumeration += enumeration_formula(V, n, y, correct);
          by_symmetry += symmetry_formula(V, n, y, correct);
          by_convexity += convexity_formula(V, n, y, correct);
        }
        CHECK(close_all(*tables, enumeration, {n, V}, correct).operations == by_enumeration);
        CHECK(close_all(*tables, symmetry, {n, V}, correct).operations == by_symmetry);
        CHECK(close_all(*tables, convexity, {n, V}, correct).operations == by_convexity);
      }
    }
  }
}

TEST_CASE("work stops when the declared length is exceeded") {
  const auto tables = make_exact_tables(truth::random_weights(6, 2, 24, -25, -22, 9), 3, 1);
  const auto rows = tables->rows();
  const Task task{3, 6};
  Budget generous{.declared = symmetry_formula(6, 3, 5, true).total()};
  Meter enough(generous);
  CHECK_NOTHROW(symmetry({*tables, nullptr, nullptr, nullptr, task, true}, *rows, 5, enough));
  CHECK_NOTHROW(enough.checkpoint());
  Budget tight{.declared = 200};
  Meter meter(tight);
  CHECK_THROWS_AS(symmetry({*tables, nullptr, nullptr, nullptr, task, true}, *tables->rows(), 5, meter),
                  BudgetExceeded);
  CHECK(meter.operations.total() < 600);
}

TEST_CASE("a row's product rounds outward at both ends, even where the tables are exact") {
  // All logits equal: A = 1, every Z = 33, and 33^33 does not fit 64 bits.
  const Weights w{33, 1, std::vector<Dyadic>(33, Dyadic{0, 0}), {{0, 0}}, std::vector<Dyadic>(33, Dyadic{0, 0})};
  const mpq_class truth(power(33, 33));
  for (const auto& tables : {make_exact_tables(w, 2, 1), make_reference_tables(w, 2, 1)}) {
    const auto rows = tables->rows();
    rows->push(0);
    const Interval product = rows->row(0, 33, 0, false).product;
    CHECK(exact(product.lo) < truth);
    CHECK(truth < exact(product.hi));
  }
}

TEST_CASE("a common offset of the logits, however large, does not matter") {
  // W = 1, E = (2^offset, 2^offset + small): rows of M differ by little beside an offset that no 64 bits
  // hold.
  for (const int offset : {30, 150, 300, 900}) {
    const Weights w{2,
                    2,
                    {{1, offset}, {1, offset}, {1, 0}, {3, -1}},
                    {{1, 0}, {0, 0}, {0, 0}, {1, 0}},
                    {{1, 0}, {0, 0}, {1, 0}, {1, 0}}};
    const auto labels = truth::by_label(w, 2);
    const Found found = close_all(*make_reference_tables(w, 2, 1), symmetry, {2, 2}, true);
    for (std::size_t y = 0; y < 2; ++y) {
      CHECK(exact(found.labels[y].upper.lo) <= labels[y].loss);
      CHECK(labels[y].loss <= exact(found.labels[y].upper.hi));
      CHECK(mpq_class(exact(found.labels[y].upper.hi) - exact(found.labels[y].upper.lo)).get_d() < 1e-16);
      CHECK(found.labels[y].correct == labels[y].correct);
    }
  }
}

TEST_CASE("exponentials are enclosed from both sides where nothing else rounds") {
  // M = ((0, -1), (-1, 0)), so Z(0, 1) = 2 exp(-1): a sum and products that are exact for any end.
  const Weights w{
      2, 2, {{1, 0}, {0, 0}, {0, 0}, {1, 0}}, {{1, 0}, {0, 0}, {0, 0}, {1, 0}}, {{0, 0}, {-1, 0}, {-1, 0}, {0, 0}}};
  mpfr_t truth;
  mpfr_init2(truth, 400);
  mpfr_set_si(truth, -1, MPFR_RNDN);
  mpfr_exp(truth, truth, MPFR_RNDN);
  mpfr_mul_2ui(truth, truth, 1, MPFR_RNDN);
  for (const auto& tables : {make_exact_tables(w, 2, 1), make_reference_tables(w, 2, 1)}) {
    const auto rows = tables->rows();
    rows->push(1);
    const Interval product = rows->row(0, 1, 1, false).product;
    CHECK(mpfr_less_p(product.lo.get(), truth));
    CHECK(mpfr_less_p(truth, product.hi.get()));
  }
  mpfr_clear(truth);
}
