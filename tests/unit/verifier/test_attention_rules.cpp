// The rules of attention-only that count correct inputs, on small models with random witnesses: against every input by
// definition, against each theorem evaluated by its definition, and their lengths against the closed formulas of
// docs/rules/attention/.
#include "attention_theorems.hpp"
#include "family.hpp"
#include "meter.hpp"
#include "reason.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

using namespace verifier;
using attention::Hints;
using attention::Kind;
using attention::Model;

namespace {

using Reference = attention::Reference<long double>;

// The closed formulas.
struct Shape {
  std::uint64_t V, n, m, c, heads, joint;
  std::uint64_t gaps; // of the label, not 0
};

Operations columns_cost(const Shape& s) {
  const std::uint64_t W = s.V - 1, J = s.heads + 1, tail = s.V - 1 - s.heads, f = s.m - s.c;
  Operations cost;
  cost.add = s.n * W + 2 * W * (s.c + 1) + 2 * f * J + 2 * (s.m + 1) * J + s.joint * 2 * (s.m + 1) * tail + 3;
  cost.compare = (s.n - 1) * W + (W - 1) + (tail - 1) * (s.c + 1) + (f > 1 ? f - 1 : 0) * J +
                 s.joint * (s.m + 1) * (tail - 1) + 2 * (s.m + 1) * J + 1;
  cost.log = cost.mul = 1;
  return cost;
}

Operations near_far_cost(const Shape& s) {
  const std::uint64_t J = s.heads + 1, n = s.n, c = s.c, F = s.m > s.c;
  Operations cost = columns_cost(s);
  for (std::uint64_t q = n == 1 ? s.m : 0; q <= s.m; ++q) {
    const bool own = q == s.m;
    const std::uint64_t X = own ? n : n - 1, C_0 = F ? X : 1, C_1 = c == 0 ? 0 : F ? X * (X - 1) / 2 : X - 1;
    Operations one;
    one.add = (own ? 0 : J + 2) + c * (J + 2) + F * (J + 1) + C_0 * ((1 + F) * J + 1) + C_1 * ((1 + F + c) * J + 1);
    one.mul = (own ? J : J + 2) + (n - 1) * J + c * J * X + F * J * X + 3 * C_0 + 4 * C_1;
    one.compare = J + J + c * J + F * J + C_0 * J + c * C_1 * J;
    one.exp = (own ? 0 : 2) + 2 * c + F;
    cost += one;
  }
  return cost;
}

Operations band_cost(const Shape& s) {
  const std::uint64_t J = s.heads + 1, c = s.c, F = s.m > s.c;
  Operations cost = columns_cost(s);
  for (std::uint64_t q = s.n == 1 ? s.m : 0; q <= s.m; ++q) {
    const bool own = q == s.m;
    Operations one;
    one.add = (own ? 0 : 2 * J + 2) + J + c * (2 * J + 2) + F * (2 * J + 1) + c + 2;
    one.mul = (own ? J : 2 * J + 2) + J + 2 * c * J + F * 2 * J + 3;
    one.compare = J + 2 * J + 2 * c * J + F * 2 * J;
    one.exp = (own ? 0 : 2) + 2 * c + F;
    cost += one;
  }
  return cost;
}

Operations cubic_cost(const Shape& s) {
  const std::uint64_t W = s.V - 1, n = s.n, m = s.m;
  Operations cost;
  cost.add = n * W + 3 * (m + 1) * W + 3;
  cost.compare = (n - 1) * W + 2 * (m + 1) * (W - 1) + 2 * (m + 1) + 1;
  cost.mul = cost.log = 1;
  for (std::uint64_t q = n == 1 ? m : 0; q <= m; ++q) {
    const std::uint64_t most = q == m ? n - 1 : n - 2;
    Operations one;
    one.add = (q < m ? 5 : 2) + (most ? m * (4 + most) : 0) + most + W * (2 * n + 1) + 1;
    one.mul = (q < m ? 4 : 2) + (most ? m * (1 + most) : 0) + 3 * most + n * W;
    one.compare = 2 + (most ? m * (2 + most) : 0) + (n + 1) * W;
    one.exp = (q < m ? 2 : 0) + (most ? 2 * m : 0);
    cost += one;
  }
  return cost;
}

Operations subcubic_cost(const Shape& s) {
  const std::uint64_t W = s.V - 1, n = s.n, m = s.m;
  Operations cost;
  cost.add = n * W + 2 * W + m + 5 + W * (2 * n + 1) + 8 * s.gaps;
  cost.compare = (n - 1) * W + 2 * (W - 1) + (m > 1 ? m - 1 : 0) + m + 3 + (n + 1) * W + 2 * s.gaps;
  cost.mul = n * W + 1 + 6 * s.gaps;
  cost.log = 1;
  cost.exp = s.gaps;
  return cost;
}

struct Case {
  const char* rule;
  std::uint64_t (Reference::*by_definition)(int slack) const;
  Operations (*cost)(const Shape&);
  bool columns, gaps;
};
constexpr Case cases[] = {{"near-far@1", &Reference::near_far, near_far_cost, true, false},
                          {"band@1", &Reference::band, band_cost, true, false},
                          {"cubic@1", &Reference::cubic, cubic_cost, false, false},
                          {"subcubic@1", &Reference::subcubic, subcubic_cost, false, true}};

Hints draw_hints(const Model& model, unsigned seed) {
  std::mt19937_64 random(seed);
  const std::size_t V = model.V, n = model.n;
  Hints hints{};
  hints.head_count = V > 2 ? random() % (V - 1) : 0;
  for (std::size_t m = 0; m < V; ++m) {
    hints.near.push_back(static_cast<std::uint16_t>(random() % (m + 1)));
    hints.joint.push_back(static_cast<std::uint16_t>(random() % 2));
    std::vector<std::uint16_t> outputs;
    for (std::size_t w = 0; w < V; ++w)
      if (w != m) outputs.push_back(static_cast<std::uint16_t>(w));
    std::ranges::shuffle(outputs, random);
    hints.heads.insert(hints.heads.end(), outputs.begin(), outputs.begin() + static_cast<long>(hints.head_count));
    for (std::size_t q = 0; q < V; ++q)
      for (std::size_t s = 0; s < n; ++s) {
        const bool open = q == m ? s >= 1 : q < m && s + 2 <= n;
        hints.gaps.push_back(open ? static_cast<std::uint16_t>(random() % ((q == m ? m : m - q) + 1)) : 0);
      }
  }
  return hints;
}

std::vector<Tensor> witnesses(const Model& model, const Hints& hints, const Case& of) {
  const std::uint64_t V = model.V;
  using attention::witness;
  if (of.gaps) return {witness("gaps", DType::uint16, {V, V, model.n}, hints.gaps)};
  if (!of.columns) return {};
  std::vector<Tensor> result;
  if (hints.head_count > 0) result.push_back(witness("heads", DType::uint16, {V, hints.head_count}, hints.heads));
  result.push_back(witness("joint", DType::uint8, {V}, hints.joint));
  result.push_back(witness("near", DType::uint16, {V}, hints.near));
  return result;
}

std::string exact_text(const Established& found) {
  return found.correct.get_str() + " " + found.undecided.get_str() + " " + exact(found.upper.hi).get_str();
}

// Inputs shown correct, of all labels.
std::uint64_t check_rule(const Model& model, const Hints& hints, const Case& of,
                         const std::vector<attention::LabelTruth>& truths) {
  const Certificate certificate = attention::certificate(model, of.rule, witnesses(model, hints, of));
  require_witnesses(certificate);
  start_rounding_on_this_thread();
  const auto prover = make_prover(certificate, {.threads = 1}), by_three = make_prover(certificate, {.threads = 3});
  const auto worker = prover->worker(), other = by_three->worker();
  Reference reference(model, hints);
  std::uint64_t shown = 0;
  for (std::uint64_t m = 0; m < model.V; ++m) {
    CAPTURE(std::string(of.rule));
    CAPTURE(m);
    Budget unlimited{.declared = UINT64_MAX};
    Meter meter(unlimited);
    const Established found = worker->close(of.rule, {m, m + 1}, true, meter);
    meter.checkpoint();
    Meter again(unlimited);
    CHECK(exact_text(other->close(of.rule, {m, m + 1}, true, again)) == exact_text(found));

    // The truth, and the theorem.
    CHECK(found.correct <= truths[m].correct);
    CHECK(found.correct + found.undecided == truths[m].inputs);
    CHECK(exact(found.lower.lo) == 0);
    CHECK(exact(found.upper.hi) >= truths[m].loss.rational());
    CHECK(exact(found.upper.lo) <= exact(found.upper.hi));
    CHECK(exact(found.upper.hi) - exact(found.upper.lo) <= mpq_class(truths[m].inputs) / (mpz_class(1) << 35));
    if (model.V == 1) continue;
    reference.set_label(m);
    CHECK(found.correct >= (reference.*of.by_definition)(1));
    CHECK(found.correct <= (reference.*of.by_definition)(-1));
    shown += found.correct.get_ui();

    const auto first = hints.gaps.begin() + static_cast<long>(m * model.V * model.n);
    const Shape shape{
        model.V,
        model.n,
        m,
        hints.near[m],
        hints.head_count,
        hints.joint[m],
        static_cast<std::uint64_t>(model.V * model.n) -
            static_cast<std::uint64_t>(std::count(first, first + static_cast<long>(model.V * model.n), 0))};
    const Operations expected = of.cost(shape);
    for (std::size_t i = 0; i < Operations::kinds.size(); ++i) {
      CAPTURE(Operations::names[i]);
      CHECK(meter.operations.*Operations::kinds[i] == expected.*Operations::kinds[i]);
    }
    Budget too_small{.declared = expected.total() - 1};
    Meter short_of(too_small);
    CHECK_THROWS_AS((worker->close(of.rule, {m, m + 1}, true, short_of), short_of.checkpoint()), BudgetExceeded);
  }
  CHECK(rounding_was_clean_on_this_thread());
  return shown;
}

} // namespace

TEST_CASE("attention-only: counts are sound, those of the theorems, and cost what the pages say") {
  unsigned seed = 0;
  std::map<std::string, std::uint64_t> shown;
  for (const Kind kind : {Kind::trained, Kind::random, Kind::wild, Kind::ties})
    for (const std::size_t n : {1, 2, 3, 4})
      for (std::size_t V = 1; V <= (n == 4 ? 4u : 6u); ++V)
        for (int draw = 0; draw < 3; ++draw) {
          const Model model = attention::draw(kind, V, n, ++seed);
          const auto truths = attention::by_label(model);
          const Hints hints = draw_hints(model, seed);
          CAPTURE(seed);
          for (const Case& of : cases) {
            const std::uint64_t count = check_rule(model, hints, of, truths);
            if (kind == Kind::trained && n >= 3) shown[of.rule] += count;
          }
        }
  for (const Case& of : cases) {
    INFO(std::string(of.rule));
    CHECK(shown[of.rule] > 100); // the tests above are of rules that show something
  }
}

TEST_CASE("attention-only: a label may be the only thing that is shown, and a tie never is") {
  const Model model = attention::draw(Kind::ties, 4, 3, 5);
  const auto truths = attention::by_label(model);
  CHECK(truths[3].correct == 0); // outputs 0 and 3 tie
  CHECK(truths[0].correct == 0);
  for (const Case& of : cases) check_rule(model, draw_hints(model, 9), of, truths);
}
