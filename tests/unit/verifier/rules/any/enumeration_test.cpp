// enumeration@1 of any network: every input by definition, both engines; inputs that stay open; what is charged.
#include "inputs.hpp"

#include <doctest/doctest.h>

using namespace networks;
using verifier::rules::Declared, verifier::rules::OpenInputs, verifier::rules::Result;

TEST_CASE("enumeration of any network: every input by definition, both engines") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Drawing draw{std::mt19937_64(seed)};
    const std::size_t V = 1 + draw.below(3);
    const Network net = draw.network(V);
    any::Inputs inputs = all_inputs(net, V, draw);
    const Truth truth = truth_of(net, inputs);
    const std::size_t N = inputs.labels.size();
    std::size_t correct = 0, ties = 0;
    for (const mpq_class& margin : truth.margins) ties += is_tie(margin), correct += !is_tie(margin) && margin > 0;
    if (net.C == 1) correct = N;
    for (const Engine* engine : {&fast(), &reference()}) {
      CAPTURE(seed);
      CAPTURE(engine == &fast());
      Budget budget(UINT64_MAX);
      Meter meter(budget);
      Kernel k{*engine, meter};
      const any::Problem problem{Preparing{k}.network(net), {}, {}};
      inputs.declared = {};
      const Result r = any::enumeration(k, problem, inputs);
      const mpq_class exact = truth.loss.rational(), blur = truth::blur(exact);
      const mpq_class wide = mpq_class(engine == &fast() ? 1e-9 : 1e-18) + step * 3 * N; // totals are rounded to steps
      CHECK(r.at_least.lower * step <= exact + blur);
      CHECK(exact - blur <= r.at_most.upper * step);
      CHECK((r.at_most.upper - r.at_least.lower) * step < wide);
      CHECK(r.correct_at_least <= correct);
      CHECK(correct <= r.correct_at_most);
      CHECK(r.correct_at_most - r.correct_at_least <= ties); // all else is decided
      REQUIRE(r.margin.lower.has_value() == (net.C > 1));
      if (net.C > 1) CHECK(r.open.indices.size() == r.correct_at_most - r.correct_at_least);
      if (net.C == 1) continue;
      const mpq_class least = *std::ranges::min_element(truth.margins), around = truth::blur(least);
      CHECK(*r.margin.lower * step <= least + around);
      CHECK(least - around <= *r.margin.upper * step);
      CHECK((*r.margin.upper - *r.margin.lower) * step < wide);

      // Of a declared margin between inputs, those below it stay open; of the others everything is known.
      const mpq_class declared = truth.margins[draw.below(N)] + mpq_class(1, 1 << 20);
      inputs.declared = {.correct = draw.below(2) == 0,
                         .margin = mpz_class(declared.get_num() * (mpz_class(1) << step_bits) / declared.get_den())};
      for (std::size_t i = 0; i < N; ++i) inputs.indices[i] = 7 + i;
      const Result s = any::enumeration(k, problem, inputs);
      std::vector<mpz_class> open;
      std::size_t others = 0;
      std::optional<mpq_class> next;
      for (std::size_t i = 0; i < N; ++i) {
        const mpq_class& margin = truth.margins[i];
        if (margin < declared ||
            (inputs.declared.correct && is_tie(margin) && r.correct_at_most != r.correct_at_least)) {
          open.push_back(7 + i);
          continue;
        }
        others += margin > 0 ? 1 : 0;
        if (!next || margin < *next) next = margin;
      }
      if (ties > 0) continue; // which a computation may decide or not
      CHECK(s.open.indices == open);
      CHECK(s.open.others_correct == others);
      REQUIRE(s.open.others_margin.lower.has_value() == next.has_value());
      if (!next) continue;
      CHECK(*s.open.others_margin.lower * step <= *next + truth::blur(*next));
      CHECK(*next - truth::blur(*next) <= *s.open.others_margin.upper * step);
      CHECK((*s.open.others_margin.upper - *s.open.others_margin.lower) * step < wide);
    }
  }
}

TEST_CASE("what is not declared is not found, and costs nothing") {
  Drawing draw{std::mt19937_64(3)};
  const Network net = [&] {
    for (;;)
      if (Network some = draw.network(2); some.C > 1) return some;
  }();
  any::Inputs inputs = all_inputs(net, 2, draw);
  const auto charged = [&](const Declared& declared) {
    Budget budget(UINT64_MAX);
    Meter tables(budget), meter(budget);
    Kernel k{fast(), tables}, unit{fast(), meter};
    const any::Problem problem{Preparing{k}.network(net), {}, {}};
    inputs.declared = declared;
    const Result r = any::enumeration(unit, problem, inputs);
    CHECK(r.margin.lower.has_value() == declared.compares());
    return meter.performed()[static_cast<std::size_t>(Operation::compare)];
  };
  const std::uint64_t N = inputs.labels.size(), nothing = charged({.correct = false, .margin = {}});
  CHECK(charged({.correct = true, .margin = {}}) == nothing + N * (2 * net.C + 4));
  CHECK(charged({.correct = false, .margin = 0}) == nothing + N * (2 * net.C + 5));
  CHECK(charged({.correct = true, .margin = 0}) == nothing + N * (2 * net.C + 5));
}

TEST_CASE("open inputs of several batches: not more than one beyond the most are kept") {
  OpenInputs some, all;
  for (int i = 0; i < 700; ++i) some.indices.push_back(i);
  some.others_correct = 3, some.others_margin.add(Least{Integer(5), Integer(6)});
  all.add(some);
  CHECK(all.indices.size() == 700);
  all.add(some);
  CHECK(all.indices.size() == OpenInputs::most + 1);
  all.add(some);
  CHECK(all.indices.size() == OpenInputs::most + 1);
  CHECK(all.others_correct == 9);
  CHECK(*all.others_margin.lower == 5);
}
