// The whole proof: what a step declares against what the verifier finds, to the last bit, and what the proof costs.
#include "check.hpp"
#include "family.hpp"
#include "limits.hpp"
#include "number.hpp"
#include "reason.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <thread>

using namespace verifier;

namespace {

// tests/corpus/accept/base.json: V = 3, n = 2, two exact rules; every claim nearly as strong as can be.
constexpr const char* base = R"({
  "format": "proofmark-certificate",
  "version": 1,
  "claims": [
    {"quantity": "cross-entropy", "direction": "upper", "bound": "0.784600556246"},
    {"quantity": "cross-entropy", "direction": "lower", "bound": "0.784600556241"},
    {"quantity": "accuracy", "direction": "lower", "bound": "0.555555555555"}
  ],
  "task": {"name": "max", "context": 2, "vocabulary": 3, "inputs": "uniform"},
  "model": {
    "family": "token-sum",
    "tensors": {"embedding.weight": {"dtype": "float32", "shape": [2, 3], "data": "oL2kvyDHiz87BHC/lycGPnEawz6V0WS/"}, "linear.weight": {"dtype": "float32", "shape": [2, 2], "data": "I93YP65+kb/AP8u/UpH6vw=="}, "unembedding.weight": {"dtype": "float32", "shape": [3, 2], "data": "C5rcv1C6yz85Qaq/k5GcP5DhzL+M5NI/"}},
    "sha256": "4eb6ef98932b90aa5f51cd610e334b0b1ab79db7b654666455f3af6fa4938d1c"
  },
  "witnesses": {},
  "steps": [
    {"id": 0, "rule": "symmetry@1", "labels": [0, 2], "loss": ["0x1.722ee27e131fdp+1", "0x1.722ee27e1a044p+1"], "correct": 2, "operations": {"add": 36, "mul": 36, "div": 0, "sqrt": 0, "exp": 0, "log": 4, "compare": 6, "read": 0}},
    {"id": 1, "rule": "enumeration@1", "labels": [2, 3], "loss": ["0x1.0ad69e044c0d4p+2", "0x1.0ad69e0450a3p+2"], "correct": 3, "operations": {"add": 42, "mul": 42, "div": 0, "sqrt": 0, "exp": 0, "log": 2, "compare": 10, "read": 0}}
  ],
  "operations": {
    "tables": {"add": 24, "mul": 30, "div": 0, "sqrt": 0, "exp": 18, "log": 0, "compare": 6, "read": 16},
    "steps": {"add": 78, "mul": 78, "div": 0, "sqrt": 0, "exp": 0, "log": 6, "compare": 16, "read": 0},
    "conclusion": {"add": 6, "mul": 3, "div": 0, "sqrt": 0, "exp": 0, "log": 0, "compare": 9, "read": 0},
    "length": 290
  },
  "provenance": {}
})";

Options with(Engine engine, unsigned threads = 1) {
  return {.engine = engine, .threads = threads};
}

auto by_reference(const Result& result) {
  return std::ranges::count_if(result.steps, &StepResult::by_reference);
}

std::string reason_of(const Certificate& certificate, Engine engine) {
  try {
    check(certificate, with(engine));
  } catch (const Failure& failure) {
    return std::string(code(failure.reason)) + " at " + failure.pointer;
  }
  return "none";
}

// Claims that any proof of these steps supports, so that steps alone decide.
Certificate without_strong_claims() {
  Certificate certificate = read_certificate(base);
  certificate.claims[0].bound = 1000;
  certificate.claims[1].bound = 0;
  certificate.claims[2].bound = 0;
  return certificate;
}

} // namespace

TEST_CASE("a verified proof establishes its claims, performs its length, and is the same on any number of threads") {
  const Certificate certificate = read_certificate(base);
  for (const Engine engine : {Engine::exact, Engine::reference}) {
    const Result one = check(certificate, with(engine));
    CHECK(one.tables_engine == name(engine));
    CHECK(by_reference(one) == 0);
    CHECK(one.operations.total() == certificate.length);
    REQUIRE(one.established.size() == 3);
    CHECK(one.established[0] <= certificate.claims[0].bound);
    CHECK(one.established[1] >= certificate.claims[1].bound);
    CHECK(one.established[1] <= one.established[0]);
    CHECK(one.established[2] == mpq_class(5, 9));
    // No stronger than what the steps' own enclosures support.
    mpq_class lower = 0, upper = 0;
    for (const StepResult& step : one.steps) {
      lower += exact(step.loss.lo);
      upper += exact(step.loss.hi);
      CHECK(exact(step.loss.lo) < exact(step.loss.hi));
    }
    CHECK(one.established[0] == upper / 9);
    CHECK(one.established[1] == lower / 9);
    for (const unsigned threads : {2u, 5u}) {
      const Result more = check(certificate, with(engine, threads));
      CHECK(more.operations == one.operations);
      for (std::size_t i = 0; i < one.steps.size(); ++i) {
        CHECK(mpfr_equal_p(more.steps[i].loss.lo.get(), one.steps[i].loss.lo.get()));
        CHECK(mpfr_equal_p(more.steps[i].loss.hi.get(), one.steps[i].loss.hi.get()));
      }
    }
  }
}

TEST_CASE("a step may declare exactly what the verifier finds, and nothing narrower") {
  const Certificate certificate = without_strong_claims();
  const mpq_class little(mpz_class(1), mpz_class(1) << 100);
  const Result by_exact = check(certificate, with(Engine::exact)),
               by_reference = check(certificate, with(Engine::reference));
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string at = "/steps/" + std::to_string(i);
    // The narrower of the two engines decides for the engine exact, which asks the other.
    const mpq_class lowest = exact(by_reference.steps[i].loss.lo), highest = exact(by_reference.steps[i].loss.hi);
    const mpq_class lower = std::max(lowest, exact(by_exact.steps[i].loss.lo)),
                    upper = std::min(highest, exact(by_exact.steps[i].loss.hi));
    const auto moved = [&](const mpq_class& lo, const mpq_class& hi, const mpz_class& correct) {
      Certificate changed = certificate;
      changed.steps[i].loss_lower = lo;
      changed.steps[i].loss_upper = hi;
      changed.steps[i].correct = correct;
      return changed;
    };
    const mpz_class correct = *certificate.steps[i].correct;
    CHECK(reason_of(moved(lowest, highest, correct), Engine::reference) == "none");
    CHECK(reason_of(moved(lowest + little, highest, correct), Engine::reference) == "loss-lower at " + at + "/loss/0");
    CHECK(reason_of(moved(lowest, highest - little, correct), Engine::reference) == "loss-upper at " + at + "/loss/1");
    CHECK(reason_of(moved(lowest, highest, correct), Engine::exact) == "none");
    CHECK(reason_of(moved(lower + little, highest, correct), Engine::exact) == "loss-lower at " + at + "/loss/0");
    CHECK(reason_of(moved(lowest, upper - little, correct), Engine::exact) == "loss-upper at " + at + "/loss/1");
    for (const Engine engine : {Engine::exact, Engine::reference}) {
      CHECK(reason_of(moved(lowest, highest, correct + 1), engine) == "correct-count at " + at + "/correct");
      CHECK(reason_of(moved(0, highest, correct - 1), engine) == "none");
    }
  }
}

TEST_CASE("what the exact engine leaves open is decided by the reference engine, and by no third") {
  const Certificate certificate = without_strong_claims();
  const Result by_exact = check(certificate, with(Engine::exact)),
               by_reference = check(certificate, with(Engine::reference));
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE(exact(by_exact.steps[i].loss.lo) < exact(by_reference.steps[i].loss.lo)); // its enclosures are wider
    Certificate narrow = certificate;
    narrow.steps[i].loss_lower = exact(by_reference.steps[i].loss.lo);
    const Result result = check(narrow, with(Engine::exact));
    CHECK(::by_reference(result) == 1);
    CHECK(result.operations.total() == certificate.length); // a second look is not part of the proof
    CHECK(exact(result.steps[i].loss.lo) == exact(by_reference.steps[i].loss.lo));
    CHECK(exact(result.steps[1 - i].loss.lo) == exact(by_exact.steps[1 - i].loss.lo));
    CHECK(::by_reference(check(narrow, with(Engine::reference))) == 0);
  }
}

TEST_CASE("the counts of a step, of the tables, of the conclusion and their sums are exactly the performed ones") {
  const Certificate certificate = read_certificate(base);
  for (const auto kind : Operations::kinds)
    for (const int by : {-1, 1}) {
      const auto moved = [&](auto&& operations) {
        Certificate changed = certificate;
        operations(changed).*kind += static_cast<std::uint64_t>(by);
        return changed;
      };
      const Certificate in_step = [&] {
        Certificate changed = moved([](Certificate& c) -> Operations& { return c.steps[1].operations; });
        changed.steps_total.*kind += static_cast<std::uint64_t>(by);
        changed.length += static_cast<std::uint64_t>(by);
        return changed;
      }();
      // Fewer than performed: the work stops. More: the counts are compared.
      const std::string at = "operations-mismatch at /steps/1/operations";
      const std::size_t index =
          static_cast<std::size_t>(std::ranges::find(Operations::kinds, kind) - Operations::kinds.begin());
      if (by == 1)
        CHECK(reason_of(in_step, Engine::exact) == at + "/" + std::string(Operations::names[index]));
      else if (certificate.steps[1].operations.*kind != 0)
        CHECK(reason_of(in_step, Engine::exact) == at);
      CHECK(reason_of(moved([](Certificate& c) -> Operations& { return c.steps_total; }), Engine::exact)
                .starts_with("operations-mismatch at /operations/steps"));
      CHECK(reason_of(moved([](Certificate& c) -> Operations& { return c.tables; }), Engine::exact)
                .starts_with("operations-mismatch at /operations"));
      CHECK(reason_of(moved([](Certificate& c) -> Operations& { return c.conclusion; }), Engine::exact)
                .starts_with("operations-mismatch at /operations/conclusion"));
    }
  for (const std::uint64_t length : {0u, 289u, 291u}) {
    Certificate changed = certificate;
    changed.length = length;
    CHECK(reason_of(changed, Engine::exact) == "operations-mismatch at /operations/length");
  }
}

TEST_CASE("a failure names its rule, and a claim that is not implied comes with a hint") {
  const auto failure_of = [](const Certificate& certificate) {
    try {
      check(certificate, with(Engine::exact));
    } catch (const Failure& failure) {
      return failure;
    }
    return Failure(Reason::internal, "no failure");
  };
  Certificate in_step = without_strong_claims(), in_claim = read_certificate(base);
  in_step.steps[1].loss_lower = in_step.steps[1].loss_upper;
  CHECK(failure_of(in_step).rule == "enumeration@1");
  in_claim.claims[0].bound = 0;
  CHECK(failure_of(in_claim).reason == Reason::claim_not_implied);
  CHECK_FALSE(failure_of(in_claim).hint.empty());
  in_claim = read_certificate(base);
  ++in_claim.steps[0].operations.add;
  ++in_claim.steps_total.add;
  ++in_claim.length;
  CHECK(failure_of(in_claim).rule == "symmetry@1");
}

TEST_CASE("progress goes up to the declared operations of the steps") {
  const Certificate certificate = read_certificate(base);
  std::uint64_t last = 0;
  int calls = 0;
  Options options = with(Engine::exact, 2);
  options.progress = [&](std::uint64_t done, std::uint64_t total) {
    CHECK(done > last);
    CHECK(total == certificate.steps_total.total());
    last = done;
    ++calls;
  };
  check(certificate, options);
  CHECK(last == certificate.steps_total.total());
  CHECK(calls == 3); // units: single labels
}

TEST_CASE("the exponent range that a caller has set does not matter") {
  const Certificate certificate = read_certificate(base);
  const Result before = check(certificate, with(Engine::exact));
  mpfr_set_emin(1);
  mpfr_set_emax(2);
  const Result after = check(certificate, with(Engine::exact));
  CHECK(mpfr_equal_p(before.steps[0].loss.lo.get(), after.steps[0].loss.lo.get()));
  CHECK(mpfr_equal_p(before.steps[1].loss.hi.get(), after.steps[1].loss.hi.get()));
}

TEST_CASE("limits that only large files reach: steps and width, with their twins just inside") {
  const auto reason_of_text = [](const std::string& text) {
    try {
      read_certificate(text);
    } catch (const Failure& failure) {
      return std::string(code(failure.reason));
    }
    return std::string("none");
  };
  const auto with_steps = [](std::size_t count) {
    const std::string text = base;
    const std::size_t from = text.find("\"steps\": [") + 10, to = text.find("  ],\n  \"operations\"");
    std::string steps = "0";
    for (std::size_t i = 1; i < count; ++i) steps += ",0";
    return text.substr(0, from) + steps + text.substr(to);
  };
  CHECK(reason_of_text(base) == "none");
  CHECK(reason_of_text(with_steps(limits::steps + 1)) == "limit-steps");
  CHECK(reason_of_text(with_steps(limits::steps)) == "type-mismatch"); // a step is no number

  const auto with_width = [](std::uint64_t d) {
    const auto tensor = [](const std::string& name, std::uint64_t rows, std::uint64_t columns) {
      return Tensor{name, DType::float16, {rows, columns}, {}};
    };
    Certificate certificate;
    certificate.task = {2, 2};
    certificate.family = "token-sum";
    certificate.tensors = {tensor("embedding.weight", d, 2), tensor("linear.weight", d, d),
                           tensor("unembedding.weight", 2, d)};
    return certificate;
  };
  CHECK_NOTHROW(require_shapes(with_width(limits::width)));
  CHECK_THROWS_AS(require_shapes(with_width(limits::width + 1)), Failure);
}

TEST_CASE("as many threads as their memory allows, and always one") {
  const Certificate certificate = read_certificate(base);
  const auto threads_used = [&](std::uint64_t memory) {
    Options options = with(Engine::exact, 3);
    options.memory_of_threads = memory;
    std::set<std::thread::id> used;
    options.progress = [&](std::uint64_t, std::uint64_t) { // one call at a time, for each label
      used.insert(std::this_thread::get_id());
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
    };
    check(certificate, options);
    return used.size();
  };
  const std::uint64_t one = make_prover(certificate, {})->worker_bytes();
  CHECK(threads_used(0) == 1);
  CHECK(threads_used(2 * one - 1) == 1);
  CHECK(threads_used(2 * one) <= 2);
  CHECK(threads_used(3 * one) > 1);
}
