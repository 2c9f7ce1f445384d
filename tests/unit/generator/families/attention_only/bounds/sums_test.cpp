// The rules of transformers that speak of the loss, as the generator computes them: bounds against the truth of every
// input.

#include "families/attention_only/bounds/enumeration_sums.hpp"
#include "families/attention_only/bounds/placements_bounds.hpp"
#include "families/attention_only/bounds/soft_near_far_bound.hpp"
#include "families/attention_only/truth.hpp"
#include "strategies/ledger.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

using namespace proofmark;
using namespace proofmark::attention_only;

namespace {

bool contains(const Interval& outer, const Interval& inner) {
  return !certainly_less(lower_point(inner), lower_point(outer)) &&
         !certainly_less(upper_point(outer), upper_point(inner));
}

double width(const Interval& x) {
  return upper_double(upper_point(x) - lower_point(x));
}

std::vector<std::uint16_t> some_heads(std::mt19937& engine, std::uint64_t V, std::uint64_t label, std::uint64_t count) {
  std::vector<std::uint16_t> outputs;
  for (std::uint64_t w = 0; w < V; ++w)
    if (w != label) outputs.push_back(static_cast<std::uint16_t>(w));
  std::shuffle(outputs.begin(), outputs.end(), engine);
  outputs.resize(count);
  return outputs;
}

} // namespace

TEST_CASE("enumeration encloses the loss and counts what is clearly correct") {
  for (const auto& [name, tables] : test::small_tables(1, 60)) {
    CAPTURE(name);
    const std::vector<LabelSum> sums = enumeration_sums(tables, {});
    for (std::uint64_t m = 0; m < tables.V; ++m) {
      CAPTURE(m);
      const LabelSum truth = test::true_sum(tables, m);
      CHECK(contains(sums[m].loss, truth.loss));
      CHECK(width(sums[m].loss) < 1e-9 * (1 + upper_double(truth.loss)));
      CHECK(sums[m].correct == truth.correct); // no random input is that close to a tie
      CHECK(sums[m].undecided == truth.undecided);
      CHECK(*sums[m].margin <= *truth.margin);
      CHECK(*sums[m].margin >= *truth.margin - 1e-9 * (1 + errors(tables).size));
    }
  }
}

TEST_CASE("enumeration does not depend on threads") {
  const attention_only::Tables tables = test::small_tables(2, 1).front().tables;
  const std::vector<LabelSum> one = enumeration_sums(tables, {});
  for (const unsigned threads : {2u, 5u}) {
    const std::vector<LabelSum> sums = enumeration_sums(tables, {.threads = threads});
    for (std::uint64_t m = 0; m < tables.V; ++m) {
      CHECK(lower_double(sums[m].loss) == lower_double(one[m].loss));
      CHECK(upper_double(sums[m].loss) == upper_double(one[m].loss));
      CHECK(sums[m].correct == one[m].correct);
      CHECK(sums[m].margin == one[m].margin);
    }
  }
}

TEST_CASE("enumeration takes up what a ledger has, and keeps the rest there") {
  const attention_only::Tables tables = test::small_tables(2, 1).front().tables;
  const std::vector<LabelSum> whole = enumeration_sums(tables, {});
  const auto path = std::filesystem::temp_directory_path() / "proofmark-attention-only.unfinished";
  std::filesystem::remove(path);
  const LabelSum taken{Interval(7), Interval(0), 5, 4};
  {
    Ledger ledger(path, "a proof", {});
    ledger.add(1, taken);
    const std::vector<LabelSum> sums = enumeration_sums(tables, {.ledger = &ledger});
    CHECK(sums[1].correct == taken.correct);
    CHECK(lower_double(sums[1].loss) == 7);
    CHECK(upper_double(sums[0].loss) == upper_double(whole[0].loss));
  }
  const Ledger ledger(path, "a proof", {});
  CHECK(ledger.taken_up() == tables.V);
  CHECK(ledger.find(0)->correct == whole[0].correct);
  std::filesystem::remove(path);
}

TEST_CASE("placements bound the loss from both sides, and count no input too many") {
  std::mt19937 engine(3);
  for (const auto& [name, tables] : test::small_tables(3, 60)) {
    const Errors known = errors(tables);
    for (std::uint64_t m = 0; m < tables.V; ++m) {
      const LabelSum truth = test::true_sum(tables, m);
      const Relative label(tables, Positions(tables), m);
      for (int i = 0; i < 3; ++i) {
        const std::uint64_t near = engine() % (m + 1), filled = engine() % tables.n;
        CAPTURE(name);
        CAPTURE(m);
        CAPTURE(near);
        CAPTURE(filled);
        const LabelSum sum = placements_sum(label, known, near, filled);
        CHECK(contains(sum.loss, truth.loss));
        CHECK(sum.correct <= truth.correct);
      }
      const LabelSum all = placements_sum(label, known, m, tables.n - 1); // nothing is far and nothing mixed
      CHECK(contains(all.loss, truth.loss));
      CHECK(width(all.loss) < 1e-8 * (1 + upper_double(truth.loss)));
      CHECK(all.correct == truth.correct);
    }
  }
}

TEST_CASE("soft-near-far bounds the loss from above, whatever the heads") {
  std::mt19937 engine(4);
  for (const auto& [name, tables] : test::small_tables(4, 60)) {
    const Errors known = errors(tables);
    for (std::uint64_t m = 0; m < tables.V; ++m) {
      const LabelSum truth = test::true_sum(tables, m);
      for (int i = 0; i < 3; ++i) {
        const std::uint64_t near = engine() % (m + 1);
        const SoftNearFar rule(Relative(tables, Positions(tables), m), near);
        for (const bool joint : {false, true}) {
          const auto heads = some_heads(engine, tables.V, m, engine() % (tables.V - 1));
          CAPTURE(name);
          CAPTURE(m);
          CAPTURE(near);
          CAPTURE(heads.size());
          CAPTURE(joint);
          const Interval bound = bounds(0, rule.bound(heads, joint), known);
          CHECK(!certainly_less(upper_point(bound), upper_point(truth.loss)));
        }
      }
    }
  }
}

TEST_CASE("heads that were searched for are different wrong outputs, and worth having") {
  for (const auto& [name, tables] : test::small_tables(5, 20)) {
    if (tables.V < 4) continue;
    for (std::uint64_t m = 0; m < tables.V; ++m) {
      CAPTURE(name);
      CAPTURE(m);
      const SoftNearFar rule(Relative(tables, Positions(tables), m), std::min<std::uint64_t>(m, 2));
      const auto heads = rule.find_heads({}, 2, true);
      REQUIRE(heads.size() == 2);
      CHECK(heads[0] < heads[1]);
      CHECK(heads[1] < tables.V);
      CHECK(std::count(heads.begin(), heads.end(), m) == 0);
      double least = rule.bound(heads, true); // of all pairs none is much better: there are few
      for (std::uint16_t a = 0; a < tables.V; ++a)
        for (std::uint16_t b = a + 1; b < tables.V; ++b)
          if (a != m && b != m) least = std::min(least, rule.bound(std::array{a, b}, true));
      CHECK(rule.bound(heads, true) <= 1.5 * least + 1e-12);
    }
  }
}
