// The rules of attention-only on the kernel, by both engines: against every input by definition, and against their theorems, at
// 400 bits.
#include "loss_theorems.hpp"
#include "runs.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <thread>

using namespace attention_runs;
using attention::Kind;
using attention::Model;
using truth::Big;
using truth::blur;

namespace {

const std::array<const Engine*, 2> engines = {&reference(), &fast()};

void check_true(const Case& of, const Result& found, const attention::LabelTruth& truth) {
  const mpq_class loss = truth.loss.rational();
  if (of.from_above) CHECK(nats(found.at_most.upper) >= loss - blur(loss));
  if (of.from_below) CHECK(nats(found.at_least.lower) <= loss + blur(loss));
  CHECK(found.correct_at_least <= truth.correct);
  if (!of.exact) return;
  CHECK(found.correct_at_most >= truth.correct);
  CHECK(found.correct_at_most <= truth.inputs);
  REQUIRE(found.margin.lower.has_value() == truth.margin.has_value());
  if (!truth.margin) return;
  const mpq_class margin = truth.margin->rational();
  CHECK(nats(*found.margin.lower) <= margin + blur(margin));
  CHECK(nats(*found.margin.upper) >= margin - blur(margin));
}

// What a rule's theorem says of a label.
struct Theorem {
  mpq_class at_least, at_most; // of the loss, where the rule bounds it
  mpz_class correct;
};
Theorem theorem(const Case& of, const attention::OfLabel& label, const attention::LabelTruth& truth) {
  if (of.rule == near_far) return {0, 0, attention::near_far_correct(label)};
  if (of.rule == band) return {0, 0, attention::band_correct(label)};
  if (of.rule == cubic) return {0, 0, attention::cubic_correct(label)};
  if (of.rule == subcubic) return {0, 0, attention::subcubic_correct(label)};
  if (of.rule == enumeration) return {truth.loss.rational(), truth.loss.rational(), truth.correct};
  if (of.rule == placements) {
    const attention::PlacementBounds bounds = attention::placement_bounds(label);
    return {bounds.lower.rational(), bounds.upper.rational(), bounds.correct};
  }
  const mpq_class loss = attention::soft_near_far_loss(label).rational(),
                  units = (Big(loss + blur(loss)) / log(Big(2))).rational(); // fact A8
  const mpz_class wrong = units.get_num() / units.get_den();
  return {0, loss, wrong < truth.inputs ? mpz_class(truth.inputs - wrong) : mpz_class(0)};
}

// Bounds lie outside the theorem's, by no more than `part` of it and of an input.
void check_theorem(const Case& of, const Result& found, const Theorem& theorem, std::uint64_t inputs,
                   const mpq_class& part) {
  const auto slack = [&](const mpq_class& x) -> mpq_class { return part * (abs(x) + inputs); };
  if (of.from_above) {
    CHECK(nats(found.at_most.upper) >= theorem.at_most - blur(theorem.at_most));
    CHECK(nats(found.at_most.upper) <= theorem.at_most + slack(theorem.at_most));
  }
  if (of.from_below) {
    CHECK(nats(found.at_least.lower) <= theorem.at_least + blur(theorem.at_least));
    CHECK(nats(found.at_least.lower) >= theorem.at_least - slack(theorem.at_least));
  }
  CHECK(found.correct_at_least == theorem.correct);
}
void check_margin(const Result& found, const attention::LabelTruth& truth, const mpq_class& part) {
  if (!truth.margin) return;
  const mpq_class margin = truth.margin->rational(), slack = part * (abs(margin) + 1);
  CHECK(nats(*found.margin.lower) >= margin - slack);
  CHECK(nats(*found.margin.upper) <= margin + slack);
}

// Steps of 2^-60, outward, an input; and what 128 bits or doubles lose of ordinary models.
const mpq_class part_of_reference(1, mpz_class(1) << 58), part_of_fast(1, mpz_class(1) << 40);

int by_fast_engine = 0,
    left_to_reference = 0; // models: numbers that the fast engine has no room for are left to the reference
template <class F>
void unless_out_of_range(const Engine& engine, F f) {
  try {
    f();
    by_fast_engine += &engine == &fast();
  } catch (const OutOfRange&) {
    REQUIRE(&engine == &fast());
    ++left_to_reference;
  }
}

// Both engines, all labels, and what they charge.
// Returns how many inputs are shown to be correct.
Integer check_model(Kind kind, const Model& model, const Witnesses& witnesses, const Case& of,
                    const std::vector<attention::LabelTruth>& truths) {
  CAPTURE(of.name);
  const Prepared exactly(model, witnesses, reference());
  const std::vector<Closed> by_reference = close_all(exactly, of.rule);
  std::vector<Closed> by_fast;
  unless_out_of_range(fast(), [&] {
    const Prepared quickly(model, witnesses, fast());
    CHECK(quickly.of_tables() == exactly.of_tables());
    by_fast = close_all(quickly, of.rule);
  });
  Integer shown;
  for (Token m = 0; m < model.V; ++m) {
    CAPTURE(m);
    const Result& exact = by_reference[m].result;
    check_true(of, exact, truths[m]);
    shown += exact.correct_at_least;
    std::optional<Theorem> expected;
    if (model.V > 1) {
      expected = theorem(of, attention::OfLabel(model, witnesses, m), truths[m]);
      check_theorem(of, exact, *expected, truths[m].inputs, part_of_reference);
      if (of.exact) check_margin(exact, truths[m], part_of_reference);
    } else {
      CHECK(exact.correct_at_least == 1);
      CHECK(exact.at_most.upper == 0);
      CHECK(by_reference[m].performed == Performed{});
    }
    if (of.exact && kind != Kind::ties) CHECK(exact.correct_at_most == truths[m].correct);
    if (by_fast.empty()) continue;
    const Result& quick = by_fast[m].result;
    check_true(of, quick, truths[m]);
    CHECK(quick.correct_at_least <= exact.correct_at_least);
    CHECK(by_fast[m].performed == by_reference[m].performed);
    if (kind == Kind::wild) continue; // weights of hundreds of nats are known to fewer bits
    if (expected) check_theorem(of, quick, *expected, truths[m].inputs, part_of_fast);
    if (of.exact) check_margin(quick, truths[m], part_of_fast);
    if (of.exact && kind != Kind::ties) CHECK(quick.correct_at_most == truths[m].correct);
  }
  return shown;
}

Witnesses all_near(std::size_t V, std::size_t n, Witnesses w) {
  for (std::size_t m = 0; m < V; ++m) w.near[m] = static_cast<Token>(m), w.filled[m] = static_cast<Token>(n - 1);
  return w;
}

} // namespace

TEST_CASE("attention: true of every input, and what the theorems say") {
  unsigned seed = 0;
  by_fast_engine = left_to_reference = 0;
  std::map<std::string, Integer> shown;
  for (const Kind kind : {Kind::trained, Kind::random, Kind::wild, Kind::ties})
    for (const std::size_t n : {1, 2, 3, 4})
      for (std::size_t V = 1; V <= (n == 4 ? 4u : n == 3 ? 5u : 7u); ++V)
        for (int draw = 0; draw < 2; ++draw) {
          const Model model = attention::draw(kind, V, n, ++seed);
          const auto truths = attention::by_label(model);
          const Witnesses witnesses = draw_witnesses(V, n, seed);
          CAPTURE(seed);
          for (const Case& of : cases) {
            const Integer correct = check_model(kind, model, witnesses, of, truths);
            if (kind == Kind::trained && n >= 3) shown[of.name] += correct;
          }
        }
  for (const Case& of : cases) {
    CAPTURE(of.name);
    CHECK(shown[of.name] > 100); // the tests above are of rules that show something
  }
  CHECK(left_to_reference * 4 < by_fast_engine);
}

// Parts of theorems that seldom decide: flip or drop them, and these models notice.
TEST_CASE("attention: the maximum of L4 with far slots, and that no far slot is credited, where they matter") {
  const auto check = [](const std::string& rule, std::size_t V, unsigned seed) {
    CAPTURE(seed);
    const Model model = attention::draw(Kind::random, V, 4, seed);
    Witnesses witnesses = draw_witnesses(V, 4, seed);
    witnesses.filled.assign(V, 0);
    for (Token& gap : witnesses.gaps) gap = std::min<Token>(gap, 1);
    for (std::size_t m = 0; m < V; ++m) witnesses.near[m] = static_cast<Token>(m > 0 ? m - 1 : 0);
    check_model(Kind::random, model, witnesses, case_of(rule), attention::by_label(model));
  };
  check("placements@1", 5, 255);  // label 4: 874.2, by the product alone 873.4
  check("placements@1", 4, 1456); // label 3: 118.38, with the maximum where no far slot weighs in 118.41
  check("band@1", 4, 28);         // label 3: 7 inputs, 19 if negative columns count
  check("subcubic@1", 4, 3374);   // label 2: 0 inputs, 20 if negative numbers count
}

// L4 with a mass beside: token 1 weighs next to nothing and has a large loss, token 2 a small one and outweighs it, and the far
// token 0 outweighs both. Two near slots then lose more than mean(D L) mean(1/D), which takes the weights for those without the
// far token: they are nearly equal with it, and the mean loss is the larger of the two that the lemma names.
TEST_CASE("attention: where far slots weigh in, mixtures lose the mean") {
  const truth::Matrix EU(4, std::vector<mpq_class>(4));
  for (const int far_score : {5, 6, 7, 9})
    for (const int margin : {-230, -220, -210, -200}) {
      truth::Matrix OV(4, {0, -1000, -1000, 0}), A(4, {-40, -40, -40, 0}); // other queries attend to the label alone
      A[3] = {far_score, -20, 4, 0};
      OV[0][0] = 20;
      OV[1][0] = -10;
      OV[2][0] = margin;
      OV[3][0] = -10;
      const Model model = attention::with_tables(4, EU, OV, A);
      const auto truths = attention::by_label(model);
      Witnesses witnesses = draw_witnesses(4, 4, 1);
      witnesses.near = {0, 1, 2, 2};
      witnesses.filled.assign(4, 1);
      witnesses.heads.assign(4, {});
      witnesses.joint.assign(4, false);
      CAPTURE(far_score);
      CAPTURE(margin);
      for (const char* rule : {"placements@1", "soft-near-far@1"}) {
        const Case& of = case_of(rule);
        const mpq_class bound = theorem(of, attention::OfLabel(model, witnesses, 3), truths[3]).at_most;
        for (const Engine* engine : engines)
          unless_out_of_range(*engine, [&] {
            const Result found = close(Prepared(model, witnesses, *engine), of.rule, 3).result;
            check_true(of, found, truths[3]);
            CHECK(nats(found.at_most.upper) <= bound * (1 + part_of_fast));
          });
      }
    }
}

TEST_CASE("attention: with all tokens near and every filling, placements are enumeration") {
  for (const Kind kind : {Kind::trained, Kind::random, Kind::ties})
    for (const std::size_t n : {1, 2, 3, 4}) {
      const std::size_t V = n == 4 ? 3 : 4;
      const Model model = attention::draw(kind, V, n, static_cast<unsigned>(900 + n));
      const Witnesses witnesses = all_near(V, n, draw_witnesses(V, n, 1));
      for (const Engine* engine : engines) {
        const Prepared prepared(model, witnesses, *engine);
        for (Token m = 0; m < V; ++m) {
          const Result filled = close(prepared, placements, m).result, every = close(prepared, enumeration, m).result;
          const mpq_class loss = nats(every.at_most.upper), slack = (loss + 1) * part_of_fast;
          CHECK(abs(nats(filled.at_most.upper) - loss) <= slack);
          CHECK(abs(nats(filled.at_least.lower) - nats(every.at_least.lower)) <= slack);
          if (kind != Kind::ties) CHECK(filled.correct_at_least == every.correct_at_least);
        }
      }
    }
}

TEST_CASE("attention: bounds hold where weights are known to few bits") {
  unsigned seed = 0;
  by_fast_engine = left_to_reference = 0;
  for (const Kind kind : {Kind::trained, Kind::random, Kind::ties})
    for (const std::size_t n : {2, 3, 4}) {
      const std::size_t V = n == 4 ? 4 : 5;
      const Model model = attention::with_wide_weights(attention::draw(kind, V, n, ++seed));
      const auto truths = attention::by_label(model);
      for (const Witnesses& witnesses :
           {draw_witnesses(V, n, seed), all_near(V, n, draw_witnesses(V, n, seed)), draw_witnesses(V, n, seed + 100)})
        for (const Engine* engine : engines)
          for (const Case& of : cases)
            unless_out_of_range(*engine, [&] {
              const Prepared prepared(model, witnesses, *engine);
              for (Token m = 0; m < V; ++m) check_true(of, close(prepared, of.rule, m).result, truths[m]);
            });
    }
  CHECK(left_to_reference * 4 < by_fast_engine);
}

TEST_CASE("attention: logits that cancel to a tie are not counted as correct") {
  std::uint64_t ties = 0;
  for (unsigned seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed % 2;
    Model model = attention::draw(Kind::ties, 4, n, seed);
    for (auto& row : model.W_Q)
      for (mpq_class& x : row) x = 0; // every slot is attended to alike
    const Witnesses witnesses = draw_witnesses(4, n, seed);
    for (const Model& of_few_or_many_bits : {model, attention::with_wide_weights(model)}) {
      const auto truths = attention::by_label(of_few_or_many_bits);
      for (const Engine* engine : engines) {
        const Prepared prepared(of_few_or_many_bits, witnesses, *engine);
        for (Token m = 0; m < 4; ++m) {
          for (const Case& of : cases) check_true(of, close(prepared, of.rule, m).result, truths[m]);
          ties += truths[m].inputs - truths[m].correct;
        }
      }
    }
  }
  CHECK(ties > 1000);
}

// More queries, and more fillings of a query, than a batch has entries for: what a batch ends with, the next begins with.
TEST_CASE("attention: queries and fillings in several batches") {
  const auto check = [](const char* rule, Kind kind, std::size_t V, std::size_t heads) {
    CAPTURE(rule);
    const Model model = attention::draw(kind, V, 2, 12);
    Witnesses witnesses = all_near(V, 2, draw_witnesses(V, 2, 12));
    for (Tokens& of_label : witnesses.heads) of_label.clear();
    for (Token w = 0; w < heads; ++w) witnesses.heads[V - 1].push_back(w);
    const auto m = static_cast<Token>(V - 1);
    const Case& of = case_of(rule);
    const Theorem expected = theorem(of, attention::OfLabel(model, witnesses, m), {});
    const Result found = close(Prepared(model, witnesses, fast()), of.rule, m).result;
    CHECK(found.correct_at_least == expected.correct);
    if (of.from_above) CHECK(abs(nats(found.at_most.upper) / expected.at_most - 1) <= part_of_fast);
    return expected.correct;
  };
  CHECK(check("near-far@1", Kind::trained, 30, 20) > 0);
  CHECK(check("band@1", Kind::trained, 30, 20) > 0);
  CHECK(check("cubic@1", Kind::random, 131, 0) > 0);
  check("soft-near-far@1", Kind::trained, 30, 20);

  const Model model = attention::draw(Kind::trained, 14, 4, 5); // 13^3 fillings of 13 outputs
  const Prepared prepared(model, all_near(14, 4, draw_witnesses(14, 4, 5)), fast());
  const Result filled = close(prepared, placements, 13).result, every = close(prepared, enumeration, 13).result;
  CHECK(abs(nats(filled.at_most.upper) / nats(every.at_most.upper) - 1) <= part_of_fast);
  CHECK(abs(nats(filled.at_least.lower) / nats(every.at_least.lower) - 1) <= part_of_fast);
  CHECK(filled.correct_at_least == every.correct_at_least);
  CHECK(every.correct_at_least > 0);
}

TEST_CASE("attention: without accuracy nothing is counted, and less is done") {
  const Model model = attention::draw(Kind::trained, 4, 3, 3);
  const Witnesses witnesses = draw_witnesses(4, 3, 3);
  const Prepared both(model, witnesses, fast()), loss(model, witnesses, fast(), false);
  const Closed with_accuracy = close(both, enumeration, 3), alone = close(loss, enumeration, 3);
  CHECK(alone.result.at_most.upper == with_accuracy.result.at_most.upper);
  CHECK(alone.result.correct_at_most == 0);
  CHECK_FALSE(alone.result.margin.lower.has_value());
  CHECK(length(alone.performed) < length(with_accuracy.performed));
}

TEST_CASE("attention: work stops where its budget ends, wherever that is") {
  const Model model = attention::draw(Kind::trained, 4, 3, 3);
  const Witnesses witnesses = draw_witnesses(4, 3, 3);
  for (const Engine* engine : engines)
    for (const Case& of : cases) {
      CAPTURE(of.name);
      const Prepared prepared(model, witnesses, *engine);
      const std::uint64_t needed = length(close(prepared, of.rule, 3).performed);
      for (std::uint64_t declared = 0; declared <= needed; declared += declared + 50 < needed ? 37 : 1) {
        Budget budget(declared);
        Meter meter(budget);
        Kernel k{*engine, meter};
        CAPTURE(declared);
        if (declared < needed)
          CHECK_THROWS_AS(establish(of.rule, k, prepared.problem, 3), OverBudget);
        else
          CHECK_NOTHROW(establish(of.rule, k, prepared.problem, 3));
        CHECK(length(meter.performed()) <= declared);
      }
    }
}

TEST_CASE("attention: labels in any order, on any threads, establish the same and charge the same") {
  const Model model = attention::draw(Kind::trained, 6, 3, 4);
  const Witnesses witnesses = draw_witnesses(6, 3, 4);
  for (const Case& of : cases) {
    CAPTURE(of.name);
    const Prepared prepared(model, witnesses, fast());
    std::vector<Closed> forward = close_all(prepared, of.rule), backward(6);
    const auto work = [&](Token parity) {
      for (Token m = 6; m-- > 0;)
        if (m % 2 == parity) backward[m] = close(prepared, of.rule, m);
    };
    std::thread other(work, 1);
    work(0);
    other.join();
    Result one, two;
    for (Token m = 0; m < 6; ++m) {
      one.add(forward[m].result);
      two.add(backward[5 - m].result);
      CHECK(forward[m].performed == backward[m].performed);
    }
    CHECK(one.at_least.lower == two.at_least.lower);
    CHECK(one.at_most.upper == two.at_most.upper);
    CHECK(one.correct_at_least == two.correct_at_least);
    CHECK(one.correct_at_most == two.correct_at_most);
    CHECK(one.margin.lower == two.margin.lower);
  }
}
