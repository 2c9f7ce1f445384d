// The tables of attention-only against exact rational numbers and 400 bits; its shapes and witnesses from inside.
#include "attention_models.hpp"
#include "attention_only/model.hpp"
#include "attention_only/tables.hpp"
#include "attention_only/witnesses.hpp"
#include "family.hpp"
#include "limits.hpp"
#include "meter.hpp"
#include "reason.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace verifier;
using namespace verifier::attention_only;
using attention::Kind;
using attention::Matrix;
using attention::Model;
using attention::witness;
using truth::Big;

namespace {

// Enclosures are of 64 bits: they hold what is known to 400, and are close to it.
void check_encloses(const Interval& found, const Big& x) {
  const mpq_class lo = exact(found.lo), hi = exact(found.hi), truth = x.rational(),
                  tiny = abs(truth) / (mpz_class(1) << 300);
  CHECK(lo <= truth + tiny);
  CHECK(truth - tiny <= hi);
  CHECK((hi - lo) * (mpz_class(1) << 50) <= abs(truth));
}

void check_at_least(const Real& found, const Big& x) {
  const mpq_class bound = exact(found), truth = x.rational(), tiny = abs(truth) / (mpz_class(1) << 300);
  CHECK(bound >= truth - tiny);
  CHECK((bound - truth) * (mpz_class(1) << 45) <= abs(truth));
}

void check_exact(const ExactMatrix& found, const Matrix& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i)
    for (std::size_t j = 0; j < expected[i].size(); ++j) CHECK(exact(found.at(i, j)) == expected[i][j]);
}

Big largest(const Big& x, const Big& y) {
  return x < y ? y : x;
}

void check_tables(const Model& model) {
  // soft-near-far@1 and subcubic@1 together need every table.
  Certificate certificate = attention::certificate(model, "soft-near-far@1");
  certificate.steps.push_back(certificate.steps.front());
  certificate.steps.back().rule = "subcubic@1";
  const Tables tables = make_tables(certificate, 2);
  const std::size_t V = model.V, n = model.n;
  check_exact(tables.EU, model.EU());
  check_exact(tables.OV, model.OV());
  check_exact(tables.PO, model.PO());
  const Matrix scores = model.token_scores(), positions = model.position_scores(), direct = model.EU();
  const Big root_of_h = root(Big(mpq_class(static_cast<unsigned long>(model.h))), 2);
  const auto score = [&](std::size_t q, std::size_t t) { return Big(scores[q][t]) / root_of_h; };
  for (Token q = 0; q < V; ++q) {
    for (Token t = 0; t < V; ++t) {
      check_encloses(tables.A.at(q, t), score(q, t));
      for (Token m = 0; m < V; ++m) check_encloses(tables.weight(q, t, m), exp(score(q, t) - score(q, m)));
      Big highest = score(q, 0), sum;
      for (Token below = 0; below <= t; ++below) {
        highest = largest(highest, score(q, below));
        sum += exp(score(q, below));
      }
      for (Token m = 0; m < V; ++m) {
        check_at_least(tables.largest_weight_below(t + 1, q, m), exp(highest - score(q, m)));
        check_at_least(tables.weight_sum_below(t + 1, q, m), sum * exp(Big(0) - score(q, m)));
      }
    }
    std::vector<Big> b;
    for (std::size_t p = 0; p < n; ++p) {
      const Big of_position = Big(positions[q][p]) / root_of_h;
      check_encloses(tables.B.at(q, p), of_position);
      check_encloses(tables.b.at(q, p), exp(of_position));
      b.push_back(exp(of_position));
    }
    for (std::size_t x = 0; x < n; ++x) { // every set of x free slots
      std::vector<Big> sums;
      for (unsigned set = 0; set < 1u << (n - 1); ++set) {
        if (static_cast<std::size_t>(std::popcount(set)) != x) continue;
        Big& sum = sums.emplace_back();
        for (std::size_t p = 0; p + 1 < n; ++p)
          if (set >> p & 1) sum += b[p];
      }
      const auto [least, most] = std::ranges::minmax(sums, [](const Big& y, const Big& z) { return y < z; });
      Interval low = tables.position_sums.at(q, x), high = low;
      low.hi = low.lo;
      high.lo = high.hi;
      check_at_least(high.hi, most);
      const mpq_class lo = exact(low.lo), truth = least.rational();
      CHECK(lo <= truth + abs(truth) / (mpz_class(1) << 300));
      CHECK((truth - lo) * (mpz_class(1) << 45) <= abs(truth));
    }
    const auto [least, most] = std::ranges::minmax(direct[q]);
    check_at_least(tables.direct_ranges[q], Big(mpq_class(most - least)));
    for (Token m = 0; m < V && V > 1; ++m)
      for (const auto& [exact_matrix, tops] :
           {std::pair(&tables.EU, &tables.EU_top), std::pair(&tables.OV, &tables.OV_top)}) {
        const Token top = (*tops)[q].without(m);
        CHECK(top != m);
        for (Token w = 0; w < V; ++w)
          if (w != m) CHECK(exact(exact_matrix->at(q, top)) >= exact(exact_matrix->at(q, w)));
      }
  }
}

std::string reason_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Failure& failure) {
    return std::string(code(failure.reason));
  }
  return "none";
}

// Two tokens, one position, d = h = 1, all weights 0 but those given: EU[1,0] = e u.
Certificate tiny(const mpq_class& e, const mpq_class& u) {
  const Matrix zero{{0}};
  return attention::certificate({2, 1, 1, 1, {{0}, {e}}, {{0}}, zero, zero, zero, zero, {{u, 0}}}, "cubic@1");
}

} // namespace

TEST_CASE("attention-only: tables are exact, or enclose 400 bits") {
  unsigned seed = 300;
  start_rounding_on_this_thread();
  for (const Kind kind : {Kind::trained, Kind::random, Kind::wild, Kind::ties})
    for (const std::size_t n : {1, 2, 4})
      for (const std::size_t V : {1, 2, 5}) {
        CAPTURE(++seed);
        check_tables(attention::draw(kind, V, n, seed));
      }
  CHECK(rounding_was_clean_on_this_thread());
}

TEST_CASE("attention-only: entries of the tables up to 2^20, and no further") {
  const auto made = [](const Certificate& certificate) { return reason_of([&] { make_tables(certificate, 1); }); };
  CHECK(made(tiny(1 << 10, 1 << 10)) == "none");
  CHECK(made(tiny(1 << 10, -(1 << 10))) == "none");
  CHECK(made(tiny(1 << 10, (1 << 10) + 1)) == "limit-logit-range");
  CHECK(made(tiny(1 << 10, -(1 << 10) - 1)) == "limit-logit-range");
  // A[1,1] = e² q k
  const auto scores = [](const mpq_class& q) {
    const Matrix zero{{0}};
    return attention::certificate({2, 1, 1, 1, {{0}, {1}}, {{0}}, {{q}}, {{1}}, zero, zero, {{0, 0}}}, "cubic@1");
  };
  CHECK(made(scores(1 << 20)) == "none");
  CHECK(made(scores((1 << 20) + 1)) == "limit-logit-range");
  CHECK(made(scores(-(1 << 20) - 1)) == "limit-logit-range");
}

TEST_CASE("attention-only: shapes") {
  const Model model = attention::draw(Kind::random, 3, 2, 7);
  const auto with = [&](std::size_t i, const std::vector<std::uint64_t>& shape) {
    Certificate certificate = attention::certificate(model, "cubic@1");
    certificate.tensors[i].shape = shape;
    return reason_of([&] { verifier::require_shapes(certificate); });
  };
  const std::uint64_t d = model.d, h = model.h;
  CHECK(with(0, {1, d, h}) == "none");
  CHECK(with(0, {2, d, h}) == "tensor-shape");
  CHECK(with(0, {1, d, h + 1}) == "tensor-shape");
  CHECK(with(1, {1, h + 1, d}) == "tensor-shape");
  CHECK(with(1, {2, h, d}) == "tensor-shape");
  CHECK(with(2, {1, d + 1, h}) == "tensor-shape");
  CHECK(with(3, {1, d + 1, h}) == "tensor-shape");
  CHECK(with(4, {4, d}) == "tensor-shape");
  CHECK(with(5, {1, d}) == "tensor-shape");
  CHECK(with(6, {d, 4}) == "tensor-shape");
  CHECK(with(4, {3, limits::width + 1}) == "limit-width");
  CHECK(with(4, {3, limits::width}) == "tensor-shape");
  CHECK(with(2, {1, d, limits::width + 1}) == "limit-width");
  CHECK(with(2, {1, d, limits::width}) == "tensor-shape");
  Certificate large = attention::certificate(model, "cubic@1");
  large.task.vocabulary = limits::attention_vocabulary + 1;
  CHECK(reason_of([&] { verifier::require_shapes(large); }) == "limit-vocabulary");
  large.task.vocabulary = limits::attention_vocabulary;
  CHECK(reason_of([&] { verifier::require_shapes(large); }) == "tensor-shape");
}

TEST_CASE("attention-only: witnesses within their ranges, and just outside") {
  const Model model = attention::draw(Kind::random, 3, 3, 7);
  const auto with = [&](const std::string& rule, const std::vector<Tensor>& witnesses) {
    return reason_of([&] { read_witnesses(attention::certificate(model, rule, witnesses)); });
  };
  const auto near = [](std::vector<std::uint16_t> values) { return witness("near", DType::uint16, {3}, values); };
  const auto heads = [](std::vector<std::uint16_t> values) { return witness("heads", DType::uint16, {3, 1}, values); };
  const auto joint = [](std::vector<std::uint16_t> values) { return witness("joint", DType::uint8, {3}, values); };
  const auto filled = [](std::vector<std::uint16_t> values) { return witness("filled", DType::uint8, {3}, values); };
  const Tensor any_near = near({0, 1, 2}), any_heads = heads({1, 0, 0}), any_joint = joint({0, 1, 1});
  for (const std::string rule : {"band@1", "near-far@1", "soft-near-far@1"}) {
    CHECK(with(rule, {any_near}) == "none");
    CHECK(with(rule, {any_heads, any_joint, any_near}) == "none");
    CHECK(with(rule, {}) == "witness-missing");
    CHECK(with(rule, {any_heads, any_joint}) == "witness-missing");
    CHECK(with(rule, {filled({0, 0, 0}), any_near}) == "witness-unused");
  }
  CHECK(with("cubic@1", {}) == "none");
  CHECK(with("cubic@1", {any_near}) == "witness-unused");
  CHECK(with("enumeration@1", {any_heads}) == "witness-unused");
  CHECK(with("placements@1", {any_near}) == "witness-missing");
  CHECK(with("placements@1", {filled({0, 1, 2}), any_near}) == "none");
  CHECK(with("placements@1", {filled({0, 1, 3}), any_near}) == "witness-value");
  CHECK(with("placements@1", {filled({0, 1, 2}), any_heads, any_near}) == "witness-unused");

  CHECK(with("band@1", {near({1, 1, 2})}) == "witness-value"); // there is no token below 0
  CHECK(with("band@1", {near({0, 1, 3})}) == "witness-value");
  CHECK(with("band@1", {witness("near", DType::uint8, {3}, {0, 1, 2})}) == "witness-shape");
  CHECK(with("band@1", {witness("near", DType::uint16, {2}, {0, 1})}) == "witness-shape");
  CHECK(with("band@1", {witness("near", DType::uint16, {3, 1}, {0, 1, 2})}) == "witness-shape");
  CHECK(with("band@1", {heads({2, 2, 1}), any_near}) == "none");
  CHECK(with("band@1", {heads({0, 2, 1}), any_near}) == "witness-value"); // the label itself
  CHECK(with("band@1", {heads({1, 2, 3}), any_near}) == "witness-value");
  CHECK(with("band@1", {witness("heads", DType::uint16, {3, 2}, {1, 2, 0, 2, 0, 1}), any_near}) == "witness-shape");
  CHECK(with("band@1", {joint({0, 1, 2}), any_near}) == "witness-value");
  CHECK(with("band@1", {witness("joint", DType::uint16, {3}, {0, 1, 1}), any_near}) == "witness-shape");

  const Model four = attention::draw(Kind::random, 4, 2, 8);
  const auto two_heads = [&](std::vector<std::uint16_t> values) {
    return reason_of([&] {
      read_witnesses(attention::certificate(
          four, "band@1",
          {witness("heads", DType::uint16, {4, 2}, values), witness("near", DType::uint16, {4}, {0, 0, 0, 0})}));
    });
  };
  CHECK(two_heads({1, 2, 0, 2, 0, 1, 0, 1}) == "none");
  CHECK(two_heads({1, 2, 0, 2, 1, 1, 0, 1}) == "witness-value"); // twice
}

TEST_CASE("attention-only: every gap within its range, and just outside") {
  const Model model = attention::draw(Kind::random, 3, 3, 7);
  const std::uint64_t V = 3, n = 3;
  const auto with = [&](const std::vector<std::uint16_t>& gaps) {
    return reason_of([&] {
      read_witnesses(attention::certificate(model, "subcubic@1", {witness("gaps", DType::uint16, {V, V, n}, gaps)}));
    });
  };
  for (std::uint64_t m = 0; m < V; ++m)
    for (std::uint64_t q = 0; q < V; ++q)
      for (std::uint64_t s = 0; s < n; ++s) {
        std::uint64_t most = 0; // q = m: some slot is below the label; q < m: some slot holds it
        if (q == m && s >= 1) most = m;
        if (q < m && s <= n - 2) most = m - q;
        std::vector<std::uint16_t> gaps(V * V * n);
        gaps[(m * V + q) * n + s] = static_cast<std::uint16_t>(most);
        CHECK(with(gaps) == "none");
        gaps[(m * V + q) * n + s] += 1;
        CHECK(with(gaps) == "witness-value");
      }
  CHECK(with(std::vector<std::uint16_t>(V * V * n)) == "none");
}

TEST_CASE("a whole proof by check: threads and engines agree, and one operation fewer is not enough") {
  const Model model = attention::draw(Kind::trained, 5, 3, 11);
  Certificate certificate =
      attention::certificate(model, "near-far@1", {witness("near", DType::uint16, {5}, {0, 1, 1, 2, 3})});
  certificate.tables = tables_operations(certificate);
  const auto prover = make_prover(certificate, {});
  std::vector<std::size_t> all;
  mpz_class correct = 0;
  for (Step& step : certificate.steps) {
    Budget unlimited{.declared = UINT64_MAX};
    Meter meter(unlimited);
    const Established found = prover->worker()->close(step.rule, {step.from, step.to}, true, meter);
    step.loss_lower = 0;
    step.loss_upper = exact(found.upper.hi);
    step.correct = found.correct;
    step.operations = meter.operations;
    correct += found.correct;
    all.push_back(step.id);
  }
  CHECK(correct > 0);
  for (const unsigned threads : {1u, 4u})
    for (const Engine engine : {Engine::exact, Engine::reference}) {
      Options options;
      options.engine = engine;
      options.threads = threads;
      const auto found = [&](const Certificate& changed) {
        return reason_of([&] { check_steps(changed, all, options); });
      };
      CHECK(found(certificate) == "none");
      Certificate changed = certificate;
      *changed.steps[4].correct += 1;
      CHECK(found(changed) == "correct-count");
      changed = certificate;
      changed.steps[3].loss_upper -= changed.steps[3].loss_upper / (mpz_class(1) << 60);
      CHECK(found(changed) == "loss-upper");
      changed = certificate;
      changed.steps[2].operations.add -= 1;
      CHECK(found(changed) == "operations-mismatch");
      changed = certificate;
      changed.steps[2].operations.exp = changed.steps[2].operations.compare = 0;
      CHECK(found(changed) == "operations-mismatch");
      changed = certificate;
      changed.tables.mul += 1;
      CHECK(found(changed) == "operations-mismatch");
    }
}
