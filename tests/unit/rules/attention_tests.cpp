// The rules of attention-only on the kernel, by both engines: against every input by definition at 400 bits, and against their
// hand-written twins.
#include "attention_twins.hpp"

#include "certificate.hpp"
#include "files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <thread>

using namespace twins;

namespace {

mpq_class in_units(const Integer& steps) {
  return mpq_class(steps, Integer(1) << step_bits);
}
// The truth is known to within 2^-300 relatively and 2^-380.
mpq_class blur(const mpq_class& x) {
  return abs(x) / mpq_class(mpz_class(1) << 300) + mpq_class(1, mpz_class(1) << 380);
}

void check_true(const Case& of, const Result& found, const attention::LabelTruth& truth) {
  const mpq_class loss = truth.loss.rational();
  if (of.from_above) CHECK(in_units(found.at_most.upper) >= loss - blur(loss));
  if (of.from_below) CHECK(in_units(found.at_least.lower) <= loss + blur(loss));
  CHECK(found.correct_at_least <= truth.correct);
  if (!of.exact) return;
  CHECK(found.correct_at_most >= truth.correct);
  CHECK(found.correct_at_most <= truth.inputs);
  REQUIRE(found.margin.lower.has_value() == truth.margin.has_value());
  if (!truth.margin) return;
  const mpq_class margin = truth.margin->rational();
  CHECK(in_units(*found.margin.lower) <= margin + blur(margin));
  CHECK(in_units(*found.margin.upper) >= margin - blur(margin));
}

// As good as its twin: counts are equal, bounds of the loss within `part` of the loss. Of a wild model the engine with more bits
// may count more.
void check_twin(const Case& of, const Result& found, const verifier::Established& twin, const mpq_class& part,
                bool wild) {
  if (of.name == "soft-near-far@1") // by the loss
    CHECK(abs(found.correct_at_least - twin.correct) <= 1 + part * (found.correct_at_least + 1));
  else if (wild)
    CHECK(found.correct_at_least >= twin.correct);
  else
    CHECK(found.correct_at_least == twin.correct);
  if (of.exact) CHECK(found.correct_at_most >= found.correct_at_least);
  const auto near = [&](const mpq_class& x, const mpq_class& y) { return abs(x - y) <= part * (abs(y) + 1); };
  if (of.from_above) CHECK(near(in_units(found.at_most.upper), exact(twin.upper.hi)));
  if (of.from_below) CHECK(near(in_units(found.at_least.lower), exact(twin.lower.lo)));
}

const mpq_class part_of_reference(1, mpz_class(1) << 45), part_of_fast(1, mpz_class(1) << 37);

std::vector<Closed> close_all(const Prepared& prepared, const Case& of, Token to) {
  std::vector<Closed> labels;
  for (Token m = 0; m < to; ++m) labels.push_back(close(prepared, of.rule, m));
  return labels;
}

// Both engines against the twin, labels 0 .. to-1, and what they charge. Numbers that the fast engine has no room for are left
// to the reference.
void check_model(const verifier::Certificate& model, const Hints& hints, const Case& of, Token to,
                 const std::vector<attention::LabelTruth>* truths = nullptr, bool wild = false) {
  CAPTURE(of.name);
  const std::size_t V = model.task.vocabulary;
  const verifier::Certificate certificate = by_rule(model, of.name, tensors(V, model.task.context, hints, of.name));
  const Prepared exactly(certificate, reference());
  const std::vector<Closed> by_reference = close_all(exactly, of, to);
  std::vector<Closed> by_fast;
  try {
    const Prepared quickly(certificate, fast());
    CHECK(quickly.of_tables() == exactly.of_tables());
    by_fast = close_all(quickly, of, to);
  } catch (const OutOfRange&) {
    REQUIRE(wild);
  }
  Twin twin(certificate);
  for (Token m = 0; m < to; ++m) {
    CAPTURE(m);
    const verifier::Established established = twin.close(of.name, m);
    check_twin(of, by_reference[m].result, established, of.exact ? part_of_fast : part_of_reference, wild);
    if (truths != nullptr) check_true(of, by_reference[m].result, (*truths)[m]);
    if (by_fast.empty()) continue;
    if (!wild) check_twin(of, by_fast[m].result, established, part_of_fast, wild);
    CHECK(by_fast[m].result.correct_at_least <= by_reference[m].result.correct_at_least);
    if (truths != nullptr) check_true(of, by_fast[m].result, (*truths)[m]);
    CHECK(by_fast[m].performed == by_reference[m].performed);
  }
}

verifier::Certificate published(const std::string& name) {
  return verifier::read_certificate(
      verifier::read_file(PROOFMARK_CERTIFICATES "/" + name + "/proof.cert.json", 1 << 28));
}

} // namespace

TEST_CASE("attention: true of every input, and as good as the hand-written rules") {
  unsigned seed = 0;
  for (const attention::Kind kind :
       {attention::Kind::trained, attention::Kind::random, attention::Kind::wild, attention::Kind::ties})
    for (const std::size_t n : {1, 2, 3, 4})
      for (std::size_t V = 1; V <= (n == 4 ? 4u : 6u); ++V)
        for (int draw = 0; draw < 2; ++draw) {
          const attention::Model model = attention::draw(kind, V, n, ++seed);
          const auto truths = attention::by_label(model);
          const Hints hints = draw_hints(V, n, seed, V, V);
          CAPTURE(seed);
          for (const Case& of : cases)
            check_model(attention::certificate(model, of.name), hints, of, static_cast<Token>(V), &truths,
                        kind == attention::Kind::wild);
        }
}

TEST_CASE("attention: trained models of the published certificates, as by the hand-written rules") {
  for (const std::string name : {"max4-v64-attention", "max20-v64-attention"}) {
    CAPTURE(name);
    const verifier::Certificate model = published(name);
    const std::size_t V = model.task.vocabulary, n = model.task.context;
    const Hints hints = draw_hints(V, n, 5, 4, 4);
    for (const Case& of : cases) {
      const bool every_input = of.name == "enumeration@1" || of.name == "placements@1";
      if (every_input && n > 4) continue;
      check_model(model, hints, of, every_input ? 6 : n > 4 ? 12 : static_cast<Token>(V));
    }
  }
}

TEST_CASE("attention: the models of the corpus, as by the hand-written rules") {
  std::size_t models = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PROOFMARK_CORPUS "/accept")) {
    if (entry.path().extension() != ".json") continue;
    const verifier::Certificate model = verifier::read_certificate(verifier::read_file(entry.path(), 1 << 28));
    const std::size_t V = model.task.vocabulary, n = model.task.context;
    if (model.family != "attention-only" || V > 8) continue;
    CAPTURE(entry.path().string());
    ++models;
    const Hints hints = draw_hints(V, n, static_cast<unsigned>(V + n), V, V);
    for (const Case& of : cases) {
      const bool every_input = of.name == "enumeration@1" || of.name == "placements@1";
      if (!every_input || verifier::power(V, n) < 1000)
        check_model(model, hints, of, static_cast<Token>(V), nullptr, true);
    }
  }
  CHECK(models > 50);
}

// Parts of theorems that seldom decide: flip or drop them, and these models notice.
TEST_CASE("attention: the maximum of L4 with far slots, and that no far slot is credited, where they matter") {
  const auto check = [](const std::string& rule, std::size_t V, unsigned seed) {
    CAPTURE(seed);
    const attention::Model model = attention::draw(attention::Kind::random, V, 4, seed);
    const auto truths = attention::by_label(model);
    Hints hints = draw_hints(V, 4, seed, V, V);
    hints.filled.assign(V, 0);
    for (std::uint16_t& gap : hints.gaps) gap = std::min<std::uint16_t>(gap, 1);
    for (std::size_t m = 0; m < V; ++m) hints.near[m] = static_cast<std::uint16_t>(m > 0 ? m - 1 : 0);
    const auto of = std::ranges::find(cases, rule, &Case::name);
    check_model(attention::certificate(model, rule), hints, *of, static_cast<Token>(V), &truths);
  };
  check("placements@1", 5, 255);  // label 4: 874.2, by the product alone 873.4
  check("placements@1", 4, 1456); // label 3: 118.38, with the maximum where no far slot weighs in 118.41
  check("band@1", 4, 28);         // label 3: 7 inputs, 19 if negative columns count
  check("subcubic@1", 4, 3374);   // label 2: 0 inputs, 20 if negative numbers count
}

TEST_CASE("attention: work stops where its budget ends, wherever that is") {
  const attention::Model model = attention::draw(attention::Kind::trained, 4, 3, 3);
  const Hints hints = draw_hints(4, 3, 3, 2, 2);
  for (const Case& of : cases) {
    CAPTURE(of.name);
    const verifier::Certificate certificate =
        by_rule(attention::certificate(model, of.name), of.name, tensors(4, 3, hints, of.name));
    const Prepared prepared(certificate, fast());
    const std::uint64_t needed = total(close(prepared, of.rule, 3).performed);
    for (std::uint64_t declared = 0; declared <= needed; declared += declared + 50 < needed ? 37 : 1) {
      Budget budget(declared);
      Meter meter(budget);
      Kernel k{fast(), meter};
      CAPTURE(declared);
      if (declared < needed)
        CHECK_THROWS_AS(establish(of.rule, k, prepared.problem, 3), OverBudget);
      else
        CHECK_NOTHROW(establish(of.rule, k, prepared.problem, 3));
      CHECK(total(meter.performed()) <= declared);
    }
  }
}

TEST_CASE("attention: labels in any order, on any threads, establish the same and charge the same") {
  const attention::Model model = attention::draw(attention::Kind::trained, 6, 3, 4);
  const Hints hints = draw_hints(6, 3, 4, 6, 4);
  for (const Case& of : cases) {
    CAPTURE(of.name);
    const verifier::Certificate certificate =
        by_rule(attention::certificate(model, of.name), of.name, tensors(6, 3, hints, of.name));
    const Prepared prepared(certificate, fast());
    std::vector<Closed> forward = close_all(prepared, of, 6), backward(6);
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
