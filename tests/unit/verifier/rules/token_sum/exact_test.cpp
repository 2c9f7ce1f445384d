// enumeration@1 and symmetry@1: against the truth about every input, on both engines.
#include "models.hpp"

#include <array>

using namespace token_sum_models;

namespace {

constexpr std::array<Rule, 2> rules_of_equality = {rules::enumeration, rules::symmetry};

struct Truth {
  mpq_class loss;
  Integer inputs, correct;
  std::optional<mpq_class> margin;
  bool decided = true; // no two logits are nearly tied
};
Truth about(const std::vector<Input>& inputs, Labels labels) {
  Truth truth;
  for (const Input& t : inputs) {
    if (t.label < labels.from || t.label >= labels.to) continue;
    truth.loss += t.loss;
    truth.inputs += 1;
    truth.correct += t.correct() ? 1 : 0;
    if (t.margin && (!truth.margin || *t.margin < *truth.margin)) truth.margin = t.margin;
    if (t.margin && abs(*t.margin) < 1e-9) truth.decided = false;
  }
  return truth;
}

void check_found(const Result& found, const Truth& truth, bool exact_logits) {
  check_encloses(found.at_least, truth.loss);
  check_encloses(found.at_most, truth.loss);
  CHECK(found.correct_at_least <= truth.correct);
  CHECK(truth.correct <= found.correct_at_most);
  if (truth.decided || exact_logits) {
    CHECK(found.correct_at_least == truth.correct);
    CHECK(found.correct_at_most == truth.correct);
  }
  REQUIRE(found.margin.lower.has_value() == truth.margin.has_value());
  if (truth.margin) check_encloses({*found.margin.lower, *found.margin.upper}, *truth.margin);
}

} // namespace

TEST_CASE("enumeration, symmetry: any range of labels encloses the truth, on both engines, at the same charge") {
  constexpr std::array<std::size_t, 6> most_vocabulary = {0, 7, 6, 4, 3, 2};
  int by_fast = 0, left_to_reference = 0;
  for (std::size_t n = 1; n <= 5; ++n)
    for (const Model& model : models(n, most_vocabulary[n])) {
      CAPTURE(model.name);
      CAPTURE(model.vocabulary);
      CAPTURE(n);
      const auto V = static_cast<Token>(model.vocabulary);
      const std::vector<Input> all = inputs(model);
      Prepared reference(kernel::reference(), model), fast(kernel::fast(), model);
      for (const Rule rule : rules_of_equality)
        for (Token from = 0; from < V; ++from)
          for (Token to = from + 1; to <= V; ++to) {
            const Truth truth = about(all, {from, to});
            const Found exactly = run(reference, rule, {from, to});
            check_found(exactly.result, truth, true);
            CHECK(width(exactly.result.at_most) <= 1e-17 * truth.inputs.get_d());
            try {
              const Found quickly = run(fast, rule, {from, to});
              check_found(quickly.result, truth, false);
              if (model.name != "far apart") CHECK(width(quickly.result.at_most) <= 1e-12 * truth.inputs.get_d());
              CHECK(quickly.performed == exactly.performed);
              ++by_fast;
            } catch (const kernel::OutOfRange&) {
              ++left_to_reference;
              CHECK(model.name == "far apart");
            }
          }
    }
  CHECK(left_to_reference * 5 < by_fast);
}

TEST_CASE("enumeration, symmetry: cuts and threads change nothing") {
  for (const std::size_t n : {1, 2, 3})
    for (const Model& model : models(n, 6)) {
      if (model.vocabulary < 6 || model.name == "far apart") continue;
      for (const kernel::Engine* engine : {&kernel::reference(), &kernel::fast()}) {
        Prepared on(*engine, model);
        for (const Rule rule : rules_of_equality) {
          const Found whole = run(on, rule, {0, 6});
          check_equal(whole, run(on, rule, std::array<Labels, 6>{{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}}}));
          check_equal(whole, run(on, rule, std::array<Labels, 3>{{{4, 6}, {0, 1}, {1, 4}}}));
        }
      }
    }
}

TEST_CASE("enumeration, symmetry: a batch ends anywhere") { // more rows than one holds, and rows longer than that
  Model model = models(2, 1).front();
  model.vocabulary = 150;
  std::mt19937_64 random(5);
  model.L.clear();
  for (std::size_t i = 0; i < 150 * 150; ++i) model.L.push_back(std::ldexp(static_cast<double>(random() % 4096), -9));
  Prepared on(kernel::fast(), model);
  const Found whole = run(on, rules::symmetry, {0, 150});
  std::vector<Labels> each;
  for (Token y = 0; y < 150; ++y) each.push_back({y, y + 1});
  Found added;
  for (const Labels labels : each) {
    const Found one = run(on, rules::symmetry, labels);
    added.result.add(one.result);
    for (std::size_t kind = 0; kind < added.performed.size(); ++kind) added.performed[kind] += one.performed[kind];
  }
  check_equal(whole, added);
  // Every ordering for itself: the same sum, between the same ends but for their widths.
  const Result all = run(on, rules::enumeration, {0, 150}).result;
  CHECK(all.at_most.lower <= whole.result.at_most.upper);
  CHECK(whole.result.at_most.lower <= all.at_most.upper);
  CHECK(width(all.at_most) <= 1e-12 * 22500);
  CHECK(all.correct_at_least == whole.result.correct_at_least);
  CHECK(all.correct_at_most == whole.result.correct_at_most);
  CHECK(all.margin.lower == whole.result.margin.lower);
}

TEST_CASE("symmetry: multiplicities of 64 tokens are exact") {
  for (const std::size_t V : {1, 2, 3}) {
    const Model model = {"equal rows", V, 64, std::vector<double>(V * V)}; // every loss is ln V
    Prepared reference(kernel::reference(), model), fast(kernel::fast(), model);
    const auto labels = static_cast<Token>(V);
    const Result exactly = run(reference, rules::symmetry, {0, labels}).result,
                 quickly = run(fast, rules::symmetry, {0, labels}).result;
    Integer inputs;
    mpz_ui_pow_ui(inputs.get_mpz_t(), V, 64);
    const mpq_class sum = log(Big(static_cast<int>(V))).rational() * inputs;
    check_encloses(exactly.at_most, sum);
    check_encloses(quickly.at_most, sum);
    CHECK(width(exactly.at_most) <= 1e-17 * inputs.get_d());
    CHECK(width(quickly.at_most) <= 1e-12 * inputs.get_d());
    // Ties are not correct.
    CHECK(exactly.correct_at_most == (V == 1 ? inputs : Integer(0)));
  }
}

TEST_CASE("enumeration, symmetry: without accuracy nothing is counted, and less is done") {
  for (const Rule rule : rules_of_equality) {
    const Model model = models(2, 4).back();
    Prepared both(kernel::fast(), model), loss(kernel::fast(), model, false);
    const Found with_accuracy = run(both, rule, {0, 4}), alone = run(loss, rule, {0, 4});
    CHECK(alone.result.at_most.upper == with_accuracy.result.at_most.upper);
    CHECK(alone.result.correct_at_most == 0);
    CHECK_FALSE(alone.result.margin.lower.has_value());
    CHECK(alone.operations() < with_accuracy.operations());
  }
}

TEST_CASE("enumeration, symmetry: a budget that is too small stops them") {
  const Model model = models(3, 4).back();
  for (const kernel::Engine* engine : {&kernel::reference(), &kernel::fast()}) {
    Prepared on(*engine, model);
    for (const Rule rule : rules_of_equality) check_stops(on, rule, {0, 4});
  }
}
