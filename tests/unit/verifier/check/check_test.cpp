// The whole proof: what steps declare against what rules establish, to the last bit; budgets; claims; engines; threads.
#include "small.hpp"

#include "check/problem.hpp"
#include "judge.hpp"
#include "kernel/parallel.hpp"
#include "reading/limits.hpp"

#include <algorithm>
#include <cfenv>
#include <mutex>
#include <numeric>
#include <set>

using namespace small;

namespace {

const mpq_class step_of_ends(1, mpz_class(1) << 60), little(1, mpz_class(1) << 100);

kernel::Performed performed(std::uint64_t add) {
  return {add, 0, 0, 0, 0, 0, 0, 0};
}

// Of five inputs: a loss from 1 to 3 steps of 2^-60 and, of the bound from above, from 5 to 8; 2 to 4 correct; a least margin from -3
// to 2 steps; 10 operations.
StepResult found() {
  return {{.at_least = {1, 3},
           .at_most = kernel::Total{5, 8},
           .correct_at_least = 2,
           .correct_at_most = 4,
           .margin = kernel::Least{kernel::Integer(-3), kernel::Integer(2)}},
          performed(10),
          false};
}
// The tightest declaration that this shows.
Step tightest() {
  Step step;
  step.rule = "symmetry@1";
  step.from = 0, step.to = 1;
  step.loss = Step::Loss{step_of_ends, 8 * step_of_ends};
  step.correct = Step::Correct{2, 4};
  step.margin = -3 * step_of_ends;
  step.operations = 10;
  return step;
}
std::string holds(const Step& step, const StepResult& result, bool may_stay_open, const mpz_class& inputs = 5) {
  bool shown = false;
  const std::string reason = reason_of([&] { shown = step_holds(step, inputs, result, may_stay_open); });
  return reason != "none" ? reason : shown ? "shown" : "open";
}

Certificate without_strong_claims(Certificate c) {
  c.claims = {{Quantity::cross_entropy, Direction::upper, mpz_class(1) << 80, "2^80"}};
  return c;
}

} // namespace

TEST_CASE("a step may declare exactly what its rule establishes, and nothing narrower") {
  const auto with = [](auto change, bool may_stay_open, const StepResult& result = found()) {
    Step step = tightest();
    change(step);
    return holds(step, result, may_stay_open);
  };
  for (const bool may : {false, true}) {
    const auto left = [&](const char* reason) { return may ? std::string("open") : std::string(reason); };
    CHECK(with([](Step&) {}, may) == "shown");
    // The loss: shown up to the outer end, open up to the inner one, refuted beyond.
    CHECK(with([](Step& s) { s.loss->lower += little; }, may) == left("loss-lower at /steps/0/loss/0"));
    CHECK(with([](Step& s) { s.loss->lower = 3 * step_of_ends; }, may) == left("loss-lower at /steps/0/loss/0"));
    CHECK(with([](Step& s) { s.loss->lower = 3 * step_of_ends + little; }, may) == "loss-lower at /steps/0/loss/0");
    CHECK(with([](Step& s) { s.loss->upper -= little; }, may) == left("loss-upper at /steps/0/loss/1"));
    CHECK(with([](Step& s) { s.loss->upper = 5 * step_of_ends; }, may) == left("loss-upper at /steps/0/loss/1"));
    CHECK(with([](Step& s) { s.loss->upper = 5 * step_of_ends - little; }, may) == "loss-upper at /steps/0/loss/1");
    CHECK(with([](Step& s) { s.loss = Step::Loss{0, 1}; }, may) == "shown");
    // Correct inputs.
    CHECK(with([](Step& s) { s.correct->least = 3; }, may) == left("correct-count at /steps/0/correct/0"));
    CHECK(with([](Step& s) { s.correct->least = 4; }, may) == left("correct-count at /steps/0/correct/0"));
    CHECK(with([](Step& s) { s.correct->least = 5, s.correct->most = 5; }, may) ==
          "correct-count at /steps/0/correct/0");
    CHECK(with([](Step& s) { s.correct->most = 3; }, may) == left("correct-count at /steps/0/correct/1"));
    CHECK(with([](Step& s) { s.correct->most = 2; }, may) == left("correct-count at /steps/0/correct/1"));
    CHECK(with([](Step& s) { s.correct->most = 1, s.correct->least = 1; }, may) ==
          "correct-count at /steps/0/correct/1");
    CHECK(with([](Step& s) { s.correct = Step::Correct{0, 5}; }, may) == "shown");
    // The margin.
    CHECK(with([](Step& s) { *s.margin += little; }, may) == left("margin at /steps/0/margin"));
    CHECK(with([](Step& s) { s.margin = 2 * step_of_ends; }, may) == left("margin at /steps/0/margin"));
    CHECK(with([](Step& s) { s.margin = 2 * step_of_ends + little; }, may) == "margin at /steps/0/margin");
    CHECK(with([](Step& s) { s.margin = -1; }, may) == "shown");
    // The budget.
    CHECK(with([](Step& s) { s.operations = 9; }, may) == "operations-budget at /steps/0/operations");
    CHECK(with([](Step& s) { s.operations = 11; }, may) == "shown");
    // What the rule does not bound.
    StepResult nothing = found();
    nothing.established.at_most.reset();
    CHECK(with([](Step&) {}, may, nothing) == "rule-loss at /steps/0/loss");
    CHECK(with([](Step& s) { s.loss.reset(); }, may, nothing) == "shown");
    nothing = found();
    nothing.established.margin.reset();
    CHECK(with([](Step&) {}, may, nothing) == "rule-margin at /steps/0/margin");
    CHECK(with([](Step& s) { s.margin.reset(); }, may, nothing) == "shown");
    // Of no inputs every number is the least margin; of some, ends are needed.
    nothing.established.margin.emplace();
    CHECK(with([](Step&) {}, may, nothing) == "margin at /steps/0/margin");
    Step large = tightest();
    large.margin = 1000;
    CHECK(holds(large, nothing, may, 0) == "shown");
  }
}

TEST_CASE("no loss is below 0") {
  Established found{};
  found.at_least = {-5, 7};
  CHECK(found.loss_lower() == 0);
  CHECK_FALSE(found.loss_upper().has_value());
  found.at_most = kernel::Total{-1, 3};
  CHECK(*found.loss_upper() == 3 * step_of_ends);
}

TEST_CASE("claims are implied up to the last digit, and no further; they cost what the format says") {
  Certificate c = token_sum(3, 2).certificate; // 9 inputs
  const mpq_class third(1, 3);
  for (Step& step : c.steps) {
    step.loss = Step::Loss{third, 2 * third};
    step.correct = Step::Correct{1, 2};
    step.margin = -third * (static_cast<int>(step.id) + 1);
    step.operations = 100;
  }
  c.tables = 1000;
  // add: 5 · 3; compare: 5 · 3 + 1; mul: 1
  CHECK(length(c) == 1000 + 300 + 15 + 16 + 1);
  const auto with = [&](Quantity quantity, Direction direction, const mpq_class& bound) {
    c.claims = {{quantity, direction, bound, "?"}};
    return reason_of([&] { check_outline(c); });
  };
  const std::string no = "claim-not-implied at /claims/0/bound", unsupported = "claim-unsupported at /claims/0";
  const auto implied_up_to = [&](Quantity quantity, Direction direction, const mpq_class& bound) {
    const mpq_class beyond = direction == Direction::upper ? -little : little;
    CHECK(with(quantity, direction, bound) == "none");
    CHECK(with(quantity, direction, bound - beyond) == "none");
    CHECK(with(quantity, direction, bound + beyond) == no);
  };
  implied_up_to(Quantity::cross_entropy, Direction::upper, mpq_class(2, 9));
  implied_up_to(Quantity::cross_entropy, Direction::lower, mpq_class(1, 9));
  implied_up_to(Quantity::accuracy, Direction::lower, mpq_class(3, 9));
  implied_up_to(Quantity::accuracy, Direction::upper, mpq_class(6, 9));
  implied_up_to(Quantity::margin, Direction::lower, -1);
  implied_up_to(Quantity::length, Direction::upper, 1332);
  CHECK(with(Quantity::margin, Direction::upper, 100) == unsupported);
  CHECK(with(Quantity::length, Direction::lower, 1) == unsupported);

  // Each of several claims; the first that is not implied is told.
  c.claims = {{Quantity::accuracy, Direction::lower, 0, "0"}, {Quantity::accuracy, Direction::upper, 0, "0"}};
  CHECK(reason_of([&] { check_outline(c); }) == "claim-not-implied at /claims/1/bound");
  CHECK(length(c) == 1000 + 300 + 15 + 17 + 2);

  // What steps do not state cannot be claimed, and costs nothing.
  for (Step& step : c.steps) step.loss.reset();
  CHECK(with(Quantity::cross_entropy, Direction::lower, 0) == unsupported);
  CHECK(length(c) == 1000 + 300 + 9 + 10 + 1);
  for (Step& step : c.steps) step.correct.reset();
  CHECK(with(Quantity::accuracy, Direction::lower, 0) == unsupported);
  CHECK(length(c) == 1000 + 300 + 3 + 4 + 1);
  for (Step& step : c.steps) step.margin.reset(), step.correct = Step::Correct{1, 2};
  CHECK(with(Quantity::margin, Direction::lower, -100) == unsupported);
  CHECK(length(c) == 1000 + 300 + 6 + 7 + 1);
}

TEST_CASE("a claim that is not implied comes with a hint and what the steps support") {
  Certificate c = token_sum(2, 1).certificate;
  for (Step& step : c.steps) step.loss = Step::Loss{0, 1};
  c.claims = {{Quantity::cross_entropy, Direction::upper, mpq_class(1, 2), "0.5"}};
  try {
    check_outline(c);
    FAIL("it was accepted");
  } catch (const Failure& failure) {
    CHECK_FALSE(failure.hint.empty());
    CHECK(failure.expected.starts_with("at least 1.0"));
    CHECK(failure.found == "0.5");
  }
}

TEST_CASE("a proof's length is limited") {
  Certificate c = token_sum(2, 1).certificate;
  c.claims = {{Quantity::accuracy, Direction::lower, 0, "0"}};
  c.steps[0].operations = c.steps[1].operations = std::uint64_t{1} << 48;
  c.tables = 0;
  c.tables = limits::length - length(c).get_ui();
  CHECK(length(c) == mpz_class(std::to_string(limits::length)));
  CHECK(reason_of([&] { check_outline(c); }) == "none");
  ++c.tables;
  CHECK(reason_of([&] { check_outline(c); }) == "limit-length at /steps");
}

TEST_CASE("a verified proof establishes bounds of all its claims, and is the same on any engine's threads") {
  for (Example example : {token_sum(4, 2), small::attention(4, 2)}) {
    Certificate& c = example.certificate;
    c.claims = {{Quantity::cross_entropy, Direction::upper, mpz_class(1) << 80, "?"},
                {Quantity::cross_entropy, Direction::lower, 0, "0"},
                {Quantity::accuracy, Direction::lower, 0, "0"},
                {Quantity::accuracy, Direction::upper, 1, "1"},
                {Quantity::margin, Direction::lower, -(mpz_class(1) << 80), "?"},
                {Quantity::length, Direction::upper, mpz_class(1) << 50, "?"}};
    Truth all;
    for (const Truth& label : example.labels) {
      all.loss += label.loss, all.correct += label.correct, all.inputs += label.inputs;
      if (!all.margin || *label.margin < *all.margin) all.margin = label.margin;
    }
    kernel::Performed first{};
    for (const Engine engine : engines) {
      const Result one = check(c, {.engine = engine});
      REQUIRE(one.established.size() == 6);
      const mpq_class inputs(all.inputs);
      CHECK(one.established[1] <= all.loss / inputs);
      CHECK(all.loss / inputs <= one.established[0]);
      CHECK(one.established[0] - one.established[1] < mpq_class(1, 1'000'000));
      CHECK(one.established[2] == mpq_class(mpq_class(all.correct) / inputs));
      CHECK(one.established[3] == one.established[2]);
      CHECK(one.established[4] <= *all.margin);
      CHECK(*all.margin - one.established[4] < mpq_class(1, 1'000'000));
      // What was performed: the tables, each step, and the conclusion.
      std::uint64_t sum_of_parts = sum(one.tables) + 5 * 4 + (5 * 4 + 6) + 6;
      for (const StepResult& step : one.steps) {
        CHECK(sum(step.operations) > 0);
        CHECK_FALSE(step.by_reference);
        sum_of_parts += sum(step.operations);
      }
      CHECK(sum(one.operations) == sum_of_parts);
      CHECK(one.established[5] == mpq_class(mpz_class(std::to_string(sum_of_parts))));
      if (sum(first) == 0) first = one.operations;
      CHECK(one.operations == first); // of either engine
      for (const unsigned threads : {2U, 5U}) {
        const Result more = check(c, {.engine = engine, .threads = threads});
        CHECK(more.operations == one.operations);
        CHECK(more.established == one.established);
      }
    }
  }
}

TEST_CASE("what was performed is a budget that suffices, and one operation less is not") {
  for (const Certificate& good : {token_sum(4, 2).certificate, small::attention(3, 2).certificate})
    for (const Engine engine : engines)
      for (const unsigned threads : {1U, 3U}) {
        const Result result = check(good, {.engine = engine, .threads = threads});
        Certificate c = good;
        c.tables = sum(result.tables);
        for (std::size_t i = 0; i < c.steps.size(); ++i) c.steps[i].operations = sum(result.steps[i].operations);
        CHECK(reason_of(c, engine, threads) == "none");
        CHECK(length(c) == mpz_class(std::to_string(sum(result.operations))));
        Certificate less = c;
        --less.tables;
        CHECK(reason_of(less, engine, threads) == "operations-budget at /tables/operations");
        for (const std::size_t i : {std::size_t{1}, c.steps.size() - 1}) {
          less = c;
          --less.steps[i].operations;
          CHECK(reason_of(less, engine, threads) == "operations-budget at /steps/" + std::to_string(i) + "/operations");
        }
        // The first step in order is told, on any threads.
        less = c;
        for (Step& step : less.steps) step.operations = 1;
        CHECK(reason_of(less, engine, threads) == "operations-budget at /steps/0/operations");
      }
}

TEST_CASE("steps that state neither correct inputs nor margins cost less") {
  Certificate c = without_strong_claims(token_sum(4, 2).certificate);
  const auto cost = [&] { return sum(check(c, {}).steps[3].operations); };
  for (Step& step : c.steps) step.correct.reset();
  const std::uint64_t with_margin = cost();
  for (Step& step : c.steps) step.margin.reset();
  const std::uint64_t loss_alone = cost();
  const Result result = check(c, {});
  for (Step& step : c.steps) step.correct = Step::Correct{0, 100};
  CHECK(cost() == with_margin);
  CHECK(loss_alone < with_margin);
  // Nothing is said of what was not looked at.
  for (std::size_t i = 0; i < 4; ++i) {
    const Established& found = result.steps[i].established;
    CHECK(found.correct_at_least == 0);
    CHECK(found.correct_at_most == inputs_of(c, c.steps[i]));
    CHECK_FALSE(found.margin.has_value());
  }
}

TEST_CASE("what the fast engine leaves open is decided by the reference engine, and costs the same") {
  for (const Certificate& some : {token_sum(3, 2).certificate, small::attention(3, 2).certificate}) {
    const Certificate good = without_strong_claims(some);
    const Result fast = check(good, {}), reference = check(good, {.engine = Engine::reference});
    for (std::size_t i = 0; i < 3; ++i) {
      const Established &wide = fast.steps[i].established, &narrow = reference.steps[i].established;
      REQUIRE(wide.loss_lower() < narrow.loss_lower());
      Certificate c = good;
      c.steps[i].loss->lower = narrow.loss_lower();
      const Result result = check(c, {});
      for (std::size_t j = 0; j < 3; ++j) {
        CHECK(result.steps[j].by_reference == (i == j));
        CHECK(result.steps[j].established.at_least.lower ==
              (i == j ? narrow : fast.steps[j].established).at_least.lower);
      }
      CHECK(result.operations == fast.operations); // a second look is no part of the proof
      c.steps[i].loss->lower += little;
      for (const Engine engine : engines)
        CHECK(reason_of(c, engine) == "loss-lower at /steps/" + std::to_string(i) + "/loss/0");
      c = good;
      c.steps[i].margin = mpq_class(*narrow.margin->lower) * step_of_ends;
      for (const Engine engine : engines) CHECK(reason_of(c, engine) == "none");
      *c.steps[i].margin += little;
      for (const Engine engine : engines)
        CHECK(reason_of(c, engine) == "margin at /steps/" + std::to_string(i) + "/margin");
    }
  }
}

TEST_CASE("a failure names the rule of its step") {
  Certificate c = token_sum(3, 2).certificate;
  c.steps[1].operations = 1;
  for (const Engine engine : engines) try {
      check(c, {.engine = engine});
      FAIL("it was accepted");
    } catch (const Failure& failure) {
      CHECK(failure.rule == "enumeration@1");
    }
}

TEST_CASE("numbers beyond the fast engine's are the reference engine's; beyond that, declined") {
  const auto weighed = [](double e, double u, std::size_t n) { // two tokens, M = [[e u, 0], [0, e u]]
    Certificate c = token_sum(2, n).certificate;
    c.tensors.at("e") = reals("e", {2, 2}, {e, 0, 0, e});
    c.tensors.at("w") = reals("w", {2, 2}, {1, 0, 0, 1});
    c.tensors.at("u") = reals("u", {2, 2}, {u, 0, 0, u});
    return without_strong_claims(c);
  };
  const auto by_reference = [](const Certificate& c) {
    std::string which;
    for (const StepResult& step : check(c, {}).steps) which += step.by_reference ? 'r' : 'f';
    return which;
  };
  CHECK(by_reference(weighed(1, 1, 2)) == "ff");
  CHECK(by_reference(weighed(0x1p-300, 1, 2)) == "rr"); // of tables: subnormal products may be
  CHECK(by_reference(weighed(64, 32, 2)) ==
        "fr"); // e^-2048 of the inputs with both tokens; those of token 0 alone are ties
  for (const Engine engine : engines) {
    CHECK(reason_of(weighed(0x1p40, 1, 1), engine) == "none");
    CHECK(reason_of(weighed(0x1p300, 1, 1), engine) == "none");
    CHECK(reason_of(weighed(0x1p300, 1, 2), engine) == "limit-logit-range at /steps/1");
  }
}

TEST_CASE("tables that are larger than the memory for them are declined before they are made") {
  const std::uint64_t V = limits::vocabulary;
  Certificate c = token_sum(2, 1).certificate;
  c.tensors.at("e") = reals("e", {1, V}, std::vector<double>(V));
  c.tensors.at("w") = reals("w", {1, 1}, {0});
  c.tensors.at("u") = reals("u", {V, 1}, std::vector<double>(V));
  c.classes = V, c.task.ranges = {{0, V}};
  declare(c, "symmetry@1", {V});
  CHECK(reason_of(c, Engine::reference) == "limit-memory at /tables");
}

TEST_CASE(
    "progress goes up to the budgets of the steps; every step that holds is told once, with what the tables took") {
  Certificate c = token_sum(4, 3).certificate; // a unit for each label
  declare(c, "enumeration@1", {2, 4});
  for (const Engine engine : engines)
    for (const unsigned threads : {1U, 3U}) {
      std::uint64_t last = 0;
      int calls = 0;
      std::multiset<std::size_t> held;
      kernel::Performed tables{};
      const Result result = check(c, {.engine = engine,
                                      .threads = threads,
                                      .progress =
                                          [&](std::uint64_t done, std::uint64_t total) {
                                            CHECK(done > last);
                                            CHECK(total == 2 * plenty);
                                            last = done, ++calls;
                                          },
                                      .held =
                                          [&](std::size_t step, const StepResult& found, const kernel::Performed& of) {
                                            held.insert(step), tables = of;
                                            CHECK(found.established.at_most.has_value());
                                          }});
      CHECK(last == 2 * plenty);
      CHECK(calls == 4);
      CHECK(held == std::multiset<std::size_t>{0, 1});
      CHECK(tables == result.tables);
    }
  // One that is decided by the reference engine is told once too; one that does not hold is not.
  const Certificate weak = without_strong_claims(c);
  const mpq_class lower = check(weak, {.engine = Engine::reference}).steps[1].established.loss_lower();
  for (const mpq_class& more : {mpq_class(0), little}) {
    Certificate narrow = weak;
    narrow.steps[1].loss->lower = lower + more;
    std::multiset<std::size_t> held;
    const std::string reason = reason_of([&] {
      check(narrow,
            {.held = [&](std::size_t step, const StepResult&, const kernel::Performed&) { held.insert(step); }});
    });
    CHECK(reason == (more == 0 ? "none" : "loss-lower at /steps/1/loss/0"));
    CHECK(held.count(0) == 1);
    CHECK(held.count(1) == (more == 0 ? 1 : 0));
  }
}

TEST_CASE("chosen steps alone are closed, in the order in which they were chosen") {
  const Certificate c = token_sum(4, 2).certificate;
  const Result all = check(c, {});
  const StepResults some = check_steps(c, {3, 1}, {.threads = 2});
  REQUIRE(some.steps.size() == 2);
  CHECK(some.tables == all.tables);
  for (const auto& [i, step] : {std::pair{0, 3}, {1, 1}}) {
    CHECK(some.steps[i].operations == all.steps[step].operations);
    CHECK(some.steps[i].established.at_least.lower == all.steps[step].established.at_least.lower);
  }
  CHECK(check_steps(c, {}, {}).steps.empty());
  CHECK(sum(check_steps(c, {}, {}).tables) == 0);
}

TEST_CASE("whoever stops a check, stops it: before the tables, and within the steps") {
  const Certificate c = token_sum(4, 3).certificate;
  for (const Engine engine : engines)
    for (const unsigned threads : {1U, 3U}) {
      std::atomic<bool> stop = true;
      CHECK_THROWS_AS(check(c, {.engine = engine, .threads = threads, .stop = &stop}), Interrupted);
      stop = false;
      int units = 0;
      const auto progress = [&](std::uint64_t, std::uint64_t) { stop = true, ++units; };
      CHECK_THROWS_AS(check(c, {.engine = engine, .threads = threads, .progress = progress, .stop = &stop}),
                      Interrupted);
      CHECK(units <= static_cast<int>(threads));
    }
}

TEST_CASE("units of a step cover its labels in order; several rows are multiplied out together") {
  const auto of = [](std::size_t n, std::uint32_t from, std::uint32_t to) {
    rules::token_sum::Problem problem{};
    problem.n = n, problem.V = 1000;
    Step step;
    step.from = from, step.to = to;
    return units(*find_rule(ModelShape::token_sum, Parts::labels, "symmetry@1"), step, Problem(problem));
  };
  for (const std::size_t n : {1, 2, 3})
    for (const std::uint32_t to : {101U, 148U, 149U, 700U}) {
      mpz_class at = 100;
      for (const Unit& unit : of(n, 100, to)) {
        CHECK(unit.from == at);
        CHECK(unit.to > unit.from);
        CHECK(unit.to - unit.from <= (n == 2 ? 48 : 1));
        at = unit.to;
      }
      CHECK(at == to);
    }
  CHECK(of(2, 100, 148).size() == 1);
  CHECK(of(2, 100, 149).size() == 2);
}

TEST_CASE("as many threads as memory allows, and always one") {
  const auto threads = [](std::size_t V, std::size_t n, const kernel::Engine& engine, unsigned wanted) {
    rules::token_sum::Problem tokens{};
    rules::attention::Problem attends{};
    tokens.V = attends.V = V, tokens.n = attends.n = n;
    const unsigned most = threads_for_units(Problem(attends), engine, wanted);
    CHECK(most >= 1);
    return threads_for_units(Problem(tokens), engine, wanted);
  };
  CHECK(threads(64, 2, kernel::fast(), 8) == 8);
  CHECK(threads(64, 2, kernel::fast(), 0) == 1);
  CHECK(threads(2048, 2, kernel::fast(), 16) == 16);
  CHECK(threads(16384, 3, kernel::fast(), 8) == 1);
  CHECK(threads(2048, 2, kernel::reference(), 64) < 64);
}

TEST_CASE("the exponent range that a caller has set for MPFR does not matter, and comes back") {
  const Certificate c = small::attention(3, 2).certificate;
  const auto least = mpfr_get_emin(), most = mpfr_get_emax();
  const Result before = check(c, {.engine = Engine::reference});
  mpfr_set_emin(1), mpfr_set_emax(2);
  const Result after = check(c, {.engine = Engine::reference, .threads = 2});
  CHECK(mpfr_get_emin() == 1);
  CHECK(mpfr_get_emax() == 2);
  mpfr_set_emin(least), mpfr_set_emax(most);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(before.steps[i].established.at_least.lower == after.steps[i].established.at_least.lower);
}

TEST_CASE("doubles that are rounded in another way are noticed, where they are used") {
  const Certificate c = token_sum(2, 2).certificate;
  std::fesetround(FE_UPWARD);
  const std::string fast = reason_of(c, Engine::fast), reference = reason_of(c, Engine::reference);
  std::fesetround(FE_TONEAREST);
  CHECK(fast == "internal");
  CHECK(reference == "none");
}
