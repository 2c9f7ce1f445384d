// What rules ask of an engine: never more than the step's declaration has paid for; and what they leave undecided.
#include "meter.hpp"
#include "token_sum/block_tables.hpp"
#include "token_sum/head_tail_tables.hpp"
#include "token_sum/rules/rules.hpp"
#include "token_sum/self_products.hpp"
#include "truth.hpp"
#include "witness_draws.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <optional>

using namespace verifier;
using namespace verifier::token_sum;

namespace {

// What a rule had charged for whenever it asked an engine for a row of inputs, and how often it asked for a label term.
struct Asked {
  const Meter* meter = nullptr;
  std::vector<std::uint64_t> charged;
  std::uint64_t label_terms = 0;
};

class WatchedRows final : public Rows {
public:
  WatchedRows(std::unique_ptr<Rows> rows, Asked& asked) : rows_(std::move(rows)), asked_(asked) {}
  void push(Token a) override { rows_->push(a); }
  void pop() override { rows_->pop(); }
  Row row(Token first, Token last, Token label, bool count) override {
    asked_.charged.push_back(asked_.meter->operations.total());
    return rows_->row(first, last, label, count);
  }
  void part(Token a, std::span<const Column> columns, Interval& part) override {
    asked_.charged.push_back(asked_.meter->operations.total());
    rows_->part(a, columns, part);
  }

private:
  std::unique_ptr<Rows> rows_;
  Asked& asked_;
};

class WatchedTables final : public Tables {
public:
  explicit WatchedTables(const Tables& tables) : tables_(tables) {}
  std::unique_ptr<Rows> rows() const override { return std::make_unique<WatchedRows>(tables_.rows(), asked); }
  Interval label_term(Token y, const mpz_class& c_1, const mpz_class& c_2) const override {
    ++asked.label_terms;
    return tables_.label_term(y, c_1, c_2);
  }
  std::string_view engine() const override { return tables_.engine(); }
  void entry_from_above(Token a, std::size_t k, Real& x) const override { tables_.entry_from_above(a, k, x); }
  mutable Asked asked;

private:
  const Tables& tables_;
};

} // namespace

TEST_CASE("no charge, however large, makes room in a budget for another") {
  Budget budget{.declared = 10};
  for (int i = 0; i < 3; ++i) {
    Meter meter(budget);
    meter.operations.add = UINT64_MAX - 1;
    meter.operations.mul = 7; // together they stop at the largest number
    CHECK_THROWS_AS(meter.checkpoint(), BudgetExceeded);
  }
  Meter last(budget);
  last.operations.add = 11;
  CHECK_THROWS_AS(last.checkpoint(), BudgetExceeded);
}

TEST_CASE("no engine is asked for work that the declared length has not paid for") {
  constexpr std::uint64_t V = 5;
  const Token y = V - 1;
  for (const std::uint64_t n : {1u, 2u, 3u}) {
    const auto engine = make_exact_tables(truth::random_weights(V, 2, 24, -25, -22, 3), n, 1);
    const WatchedTables watched(*engine);
    const Task task{n, V};
    std::vector<std::function<void(Meter&)>> rules;
    const Problem problem{watched, nullptr, nullptr, nullptr, task, false};
    rules.push_back([&](Meter& meter) { enumeration(problem, *watched.rows(), y, meter); });
    rules.push_back([&](Meter& meter) { symmetry(problem, *watched.rows(), y, meter); });
    if (n == 3) rules.push_back([&](Meter& meter) { convexity(problem, *watched.rows(), y, meter); });
    HeadTailTables head_tail_tables;
    if (n > 1) {
      head_tail_tables = make_head_tail_tables(*engine, task, draws::equal_heads(V, 2), 1);
      rules.push_back([&](Meter& meter) {
        head_tail({watched, nullptr, &head_tail_tables, nullptr, task, false}, *watched.rows(), y, meter);
      });
    }
    std::optional<BlockTables> blocks;
    if (n == 2) {
      blocks = make_block_tables(*engine, task, {.starts = {0, 2, V}, .factors = {}}, 1);
      rules.push_back([&](Meter& meter) {
        block_jensen({watched, nullptr, nullptr, &*blocks, task, false}, {2, V}, meter);
      });
    }
    for (const auto& close : rules) {
      const auto asked_within = [&](std::uint64_t declared) {
        Budget budget{.declared = declared};
        Meter meter(budget);
        watched.asked = {.meter = &meter, .charged = {}, .label_terms = 0};
        if (declared == UINT64_MAX)
          close(meter);
        else
          CHECK_THROWS_AS((close(meter), meter.checkpoint()), BudgetExceeded);
        return watched.asked;
      };
      const std::vector<std::uint64_t> charged = asked_within(UINT64_MAX).charged;
      for (std::size_t i = 0; i < charged.size(); ++i) CHECK(asked_within(charged[i] - 1).charged.size() <= i);
      CHECK(asked_within(0).label_terms == 0);
    }
    if (n == 2) { // its last charge is before what others charge after
      Budget budget{.declared = 0};
      Meter all(budget);
      CHECK_THROWS_AS(rules.back()(all), BudgetExceeded);
      Budget unlimited{.declared = UINT64_MAX};
      Meter counted(unlimited);
      rules.back()(counted);
      Budget short_of_one{.declared = counted.operations.total() - 1};
      Meter meter(short_of_one);
      CHECK_THROWS_AS(rules.back()(meter), BudgetExceeded);
    }
  }
}

TEST_CASE("inputs that an engine cannot decide are counted as such, with every ordering") {
  // Token 0: equal logits. Token 1: that of output 1 leads by `lead` units of 2^-48.
  for (const std::int64_t lead : {1, 1 << 20, -(1 << 20)}) {
    const Weights w{2, 1, {{0, 0}, {1, 0}}, {{1, 0}}, {{0, 0}, {lead, -48}}};
    for (const std::uint64_t n : {1u, 2u, 3u, 4u}) {
      const auto engine = make_exact_tables(w, n, 1);
      REQUIRE(engine);
      const Task task{n, 2};
      const std::uint64_t inputs = (1u << n) - 1; // with label 1
      const auto check = [&](const Established& found) {
        CHECK(found.undecided == (lead == 1 ? inputs : 0));
        CHECK(found.correct == (lead > 1 ? inputs : 0));
      };
      const auto close = [&](const HeadTailTables* tables, auto rule) {
        Budget budget{.declared = UINT64_MAX};
        Meter meter(budget);
        return rule({*engine, nullptr, tables, nullptr, task, true}, *engine->rows(), 1, meter);
      };
      check(close(nullptr, enumeration));
      check(close(nullptr, symmetry));
      if (n == 1) continue;
      const HeadTailTables whole = make_head_tail_tables(*engine, task, draws::equal_heads(2, 2), 1),
                           half = make_head_tail_tables(*engine, task, draws::equal_heads(2, 1, 1), 1);
      check(close(&whole, head_tail));
      check(close(&half, head_tail)); // U = Z where the tail is one output
    }
  }
}
