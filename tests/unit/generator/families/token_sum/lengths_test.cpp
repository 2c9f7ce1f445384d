// Token-sum: the dry run says exactly what the rules perform.
#include "families/families.hpp"
#include "families/token_sum/lengths/rules.hpp"
#include "lengths/performed.hpp"

#include "rules/token_sum/tables.hpp"
#include "rules/token_sum/tails.hpp"

#include <algorithm>
#include <utility>

using namespace lengths_tests;
using proofmark::HeadTail;
using proofmark::Hints;
using proofmark::LabelRange;
using proofmark::Lengths;
using proofmark::Shape;
namespace rules = verifier::rules::token_sum;

namespace {

struct Rule {
  std::string_view name;
  verifier::rules::Result (*close)(kernel::Kernel&, const rules::Problem&, rules::Labels);
};
constexpr Rule enumeration{"enumeration@1", rules::enumeration}, symmetry{"symmetry@1", rules::symmetry},
    convexity{"convexity@1", rules::convexity}, block_jensen{"block-jensen@1", rules::block_jensen},
    head_tail{"head-tail@1", rules::head_tail};

// Tables as the verifier makes them, for the rules that are used.
rules::Problem prepared(kernel::Kernel& k, const Shape& shape, const Hints& hints, Draw& draw, bool correct,
                        std::span<const std::string_view> used) {
  const std::size_t V = shape.task.vocabulary, d = shape.width, n = shape.task.context;
  const kernel::Weights E(k, {V, d}, draw.numbers(V * d)), W(k, {d, d}, draw.numbers(d * d)),
      U(k, {d, V}, draw.numbers(d * V));
  rules::Problem problem = rules::prepare(k, {E, W, U}, n, correct, 2);
  const auto uses = [&](std::string_view rule) { return std::ranges::find(used, rule) != used.end(); };
  if (uses("convexity@1") && n == 2) rules::add_squares(k, problem);
  if (uses("block-jensen@1")) {
    std::vector<rules::Token> starts{0};
    for (const LabelRange block : hints.blocks) starts.push_back(static_cast<rules::Token>(block.to));
    std::vector<double> u(V);
    for (double& x : u) x = draw.positive();
    rules::add_blocks(k, problem, starts, u);
  }
  if (uses("head-tail@1")) {
    const HeadTail& h = *hints.head_tail;
    rules::add_head_tail_tables(k, problem,
                                {.longest = h.widest,
                                 .heads = {h.heads.begin(), h.heads.end()},
                                 .sizes = {h.sizes.begin(), h.sizes.end()},
                                 .levels = h.levels,
                                 .groups = {h.groups.begin(), h.groups.end()},
                                 .weights = {h.weights.begin(), h.weights.end()},
                                 .token_multipliers = h.token_multipliers,
                                 .label_multipliers = h.label_multipliers});
  }
  return problem;
}

HeadTail draw_head_tail(Draw& draw, const proofmark::Task& task) {
  const std::uint64_t V = task.vocabulary;
  HeadTail h{task, 0, {}, {}, {}, {}, {}, {}, {}};
  for (const std::uint16_t size : draw.some(draw.between(1, std::min<std::uint64_t>(V, 4)), V))
    h.sizes.push_back(size + 1);
  std::ranges::sort(h.sizes);
  h.widest =
      h.exact(h.sizes.size() - 1) && h.sizes.size() > 1 && draw.coin() ? h.sizes[h.sizes.size() - 2] : h.sizes.back();
  for (std::uint64_t a = 0; a < V; ++a) {
    const auto head = draw.some(h.widest, V);
    h.heads.insert(h.heads.end(), head.begin(), head.end());
  }
  if (h.sizes.size() > 1) {
    h.levels.resize(proofmark::sorted_inputs(task).convert_to<std::size_t>());
    for (std::uint8_t& level : h.levels) level = static_cast<std::uint8_t>(draw.below(h.sizes.size()));
  }
  if (draw.coin()) {
    const std::uint64_t groups = draw.between(1, V);
    for (std::uint64_t k = 0; k < V; ++k) h.groups.push_back(static_cast<std::uint16_t>(draw.below(groups)));
  }
  if (draw.coin())
    for (std::uint64_t k = 0; k < V; ++k) h.weights.push_back(static_cast<float>(draw.positive()));
  if (draw.coin())
    for (auto* x : {&h.token_multipliers, &h.label_multipliers})
      for (std::uint64_t a = 0; a < V; ++a) x->push_back(draw.below(4) > 0 ? draw.positive() : 0);
  return h;
}

Hints draw_hints(Draw& draw, const proofmark::Task& task) {
  Hints hints;
  hints.blocks = ranges(draw, task.vocabulary);
  if (task.context > 1) hints.head_tail = std::make_shared<const HeadTail>(draw_head_tail(draw, task));
  return hints;
}

// Ranges of whole blocks, if they are cut there.
std::vector<LabelRange> steps(Draw& draw, const Rule& rule, const Hints& hints, std::uint64_t V) {
  if (rule.close != rules::block_jensen) return ranges(draw, V);
  std::vector<LabelRange> result;
  for (const LabelRange of_blocks : ranges(draw, hints.blocks.size()))
    result.push_back({hints.blocks[of_blocks.from].from, hints.blocks[of_blocks.to - 1].to});
  return result;
}

void check(const kernel::Engine& engine, const Shape& shape, const Hints& hints, Draw& draw, std::span<const Rule> used,
           bool correct) {
  std::vector<std::string_view> names;
  for (const Rule& rule : used) names.push_back(rule.name);
  const Lengths lengths(shape, hints);
  Meter tables(engine);
  const rules::Problem problem = prepared(tables.k, shape, hints, draw, correct, names);
  check_equal(lengths.tables(names), tables.performed());
  for (const Rule& rule : used)
    for (const LabelRange labels : steps(draw, rule, hints, shape.task.vocabulary)) {
      CAPTURE(rule.name);
      CAPTURE(labels.from);
      CAPTURE(labels.to);
      Meter step(engine);
      rule.close(step.k, problem, {static_cast<rules::Token>(labels.from), static_cast<rules::Token>(labels.to)});
      check_equal(lengths.step(rule.name, labels, correct), step.performed());
    }
}

std::vector<Rule> draw_rules(Draw& draw, std::uint64_t n) {
  std::vector<Rule> result;
  for (const Rule& rule : {enumeration, symmetry, convexity, block_jensen, head_tail})
    if (draw.coin() && (n == 2 || rule.close != rules::block_jensen) && (n > 1 || rule.close != rules::head_tail))
      result.push_back(rule);
  return result;
}

} // namespace

TEST_CASE("token-sum: lengths are what tables and steps perform, on both engines") {
  for (std::uint64_t n = 1; n <= 4; ++n)
    for (std::uint64_t V = 1; V <= 9; ++V)
      for (unsigned round = 0; round < 4; ++round) {
        CAPTURE(n);
        CAPTURE(V);
        CAPTURE(round);
        Draw draw(static_cast<unsigned>(1000 * n + 10 * V) + round);
        const Shape shape{&proofmark::token_sum_family, {n, V}, draw.between(1, 5), 0, 0};
        const Hints hints = draw_hints(draw, shape.task);
        const std::vector<Rule> used = draw_rules(draw, n);
        for (const auto& engine : engines) {
          if (engine == kernel::reference && round > 0) continue;
          check(engine(), shape, hints, draw, used, draw.coin());
        }
      }
}

TEST_CASE("token-sum: lengths of larger models, whose inputs come in many batches") {
  Draw draw(1);
  for (const proofmark::Task task : {proofmark::Task{2, 300}, proofmark::Task{3, 60}, proofmark::Task{4, 24}}) {
    CAPTURE(task.context);
    const Shape shape{&proofmark::token_sum_family, task, 4, 0, 0};
    for (int round = 0; round < 3; ++round)
      check(kernel::fast(), shape, draw_hints(draw, task), draw, std::array{symmetry, convexity, head_tail}, true);
  }
}

namespace {

HeadTail with_heads(Draw& draw, const proofmark::Task& task, std::uint64_t size) {
  HeadTail h{task, size, {}, {size}, {}, {}, {}, {}, {}};
  for (std::uint64_t a = 0; a < task.vocabulary; ++a) {
    const auto head = draw.some(size, task.vocabulary);
    h.heads.insert(h.heads.end(), head.begin(), head.end());
  }
  return h;
}
// Of these labels, each for itself.
void check_labels(const HeadTail& witness, LabelRange labels) {
  Draw draw(2);
  const Shape shape{&proofmark::token_sum_family, witness.task, 2, 0, 0};
  Hints hints;
  hints.head_tail = std::make_shared<const HeadTail>(witness);
  const Lengths lengths(shape, hints);
  Meter tables(kernel::fast());
  const rules::Problem problem =
      prepared(tables.k, shape, hints, draw, true, std::array<std::string_view, 1>{head_tail.name});
  for (std::uint64_t y = labels.from; y < labels.to; ++y) {
    CAPTURE(y);
    Meter step(kernel::fast());
    head_tail.close(step.k, problem, {static_cast<rules::Token>(y), static_cast<rules::Token>(y + 1)});
    check_equal(lengths.step(head_tail.name, {y, y + 1}, true), step.performed());
  }
}

} // namespace

TEST_CASE("token-sum: heads with so many outputs that inputs come in pieces") {
  Draw draw(3);
  check_labels(with_heads(draw, {3, 200}, 150),
               {199, 200}); // 48 rows have up to 9600 inputs with nearly 200 outputs each
  check_labels(with_heads(draw, {2, 1100}, 900), {960, 1010}); // near label 986 inputs have 2^20 outputs
}

TEST_CASE("token-sum: rows with so many inputs that a batch has fewer rows") {
  Draw draw(4);
  HeadTail h = with_heads(draw, {3, 3000}, 1); // 2^17 inputs are 43 of the longest rows
  h.token_multipliers.assign(3000, 0), h.label_multipliers.assign(3000, 1);
  for (int i = 0; i < 30; ++i) h.token_multipliers[draw.below(3000)] = 1; // some batches have inputs of two kinds
  h.token_multipliers[2999] = 1;
  check_labels(h, {2999, 3000});
}

TEST_CASE("token-sum: without heads, lengths are at most what is said") {
  for (std::uint64_t n = 2; n <= 4; ++n)
    for (std::uint64_t V = 1; V <= 9; ++V)
      for (unsigned round = 0; round < 6; ++round) {
        CAPTURE(n);
        CAPTURE(V);
        CAPTURE(round);
        Draw draw(static_cast<unsigned>(1000 * n + 10 * V) + round);
        const Shape shape{&proofmark::token_sum_family, {n, V}, 3, 0, 0};
        Hints hints = draw_hints(draw, shape.task);
        const std::array<std::string_view, 1> used{head_tail.name};
        const Lengths exact(shape, hints);
        HeadTail unknown = *hints.head_tail;
        unknown.heads.clear();
        hints.head_tail = std::make_shared<const HeadTail>(unknown);
        const Lengths most(shape, hints);
        check_at_most(exact.tables(used), most.tables(used));
        for (const LabelRange labels : ranges(draw, V))
          check_at_most(exact.step(head_tail.name, labels, true), most.step(head_tail.name, labels, true));
        // And from level 0 of all inputs up.
        const std::vector<std::uint8_t> levels = std::exchange(unknown.levels, {});
        const auto price = [&](std::size_t level) {
          return head_tail_input(unknown, level, std::min(V, n * unknown.sizes[level]), true).length();
        };
        hints.head_tail = std::make_shared<const HeadTail>(unknown);
        proofmark::Integer sum = Lengths(shape, hints).step(head_tail.name, {0, V}, true).length();
        for (const std::uint8_t level : levels) sum += price(level) - price(0);
        CHECK(exact.step(head_tail.name, {0, V}, true).length() <= sum);
      }
}
