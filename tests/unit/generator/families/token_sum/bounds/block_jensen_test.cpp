// What block-jensen@1 bounds the loss by: both engines against the theorem's right-hand side from exact logits; what the
// search for multipliers gains; the inputs that the bound shows to be correct.

#include "families/token_sum/bounds/block_jensen.hpp"
#include "families/token_sum/bounds/reference_sums.hpp"
#include "families/token_sum/truth.hpp"
#include "proofs/steps.hpp"
#include "small_models.hpp"

#include <doctest/doctest.h>

using namespace proofmark;
using namespace proofmark::test;

namespace {

// The theorem's right-hand side for one block, by its definition: averages of exp of exact logits, label by label.
Real theorem(const Model& model, const BlockJensen& witness, std::size_t j) {
  const std::uint64_t V = model.vocabulary;
  const std::vector<Rational> m = exact_logits(model);
  const LabelRange own = witness.blocks[j];
  const auto u = [&](std::uint64_t a) { return Real(witness.multipliers[a]); };
  Real bound = 0;
  for (std::size_t i = 0; i <= j; ++i) {
    const LabelRange other = witness.blocks[i];
    Real sum = 0, linear = 0, pairs = 0;
    for (std::uint64_t a = other.from; a < other.to; ++a)
      for (std::uint64_t b = own.from; b < own.to; ++b) {
        for (std::uint64_t k = 0; k < V; ++k) sum += u(a) * u(b) * exp(real(Rational(m[a * V + k] + m[b * V + k])));
        linear += log(Real(u(a) * u(b))) + real(Rational(m[a * V + std::max(a, b)] + m[b * V + std::max(a, b)]));
        pairs += 1;
      }
    bound += (i < j ? 2 : 1) * (pairs * log(Real(sum / pairs)) - linear);
  }
  return bound;
}

// Without shifts, the multipliers of the rule are these times exp(-s_a): the theorem is the same for both.
BlockJensen without_shifts(const Model& model, BlockJensen witness) {
  const std::uint64_t V = model.vocabulary;
  const std::vector<Rational> m = exact_logits(model);
  for (std::uint64_t a = 0; a < V; ++a) {
    const Rational shift = *std::max_element(m.begin() + static_cast<std::ptrdiff_t>(a * V),
                                             m.begin() + static_cast<std::ptrdiff_t>((a + 1) * V));
    witness.multipliers[a] *= exp(Real(-real(shift))).convert_to<double>();
  }
  return witness;
}

} // namespace

TEST_CASE("block-jensen: both engines enclose the theorem's bound, which no loss exceeds") {
  for (const auto& [V, blocks] : {std::pair<std::uint64_t, std::uint64_t>{1, 1}, {2, 1}, {5, 2}, {9, 3}, {9, 9}}) {
    const Model model = random_model(V, 3, 1, 3 + V);
    const Task task{2, V};
    const auto tables = token_sum_tables(model, task, 2);
    REQUIRE(tables);
    const std::vector<Interval> logits = reference_logits(model, 2);
    const std::vector<Truth> truths = truth(model, 2);
    for (const BlockJensen& witness : {find_block_jensen(*tables, equal_ranges(V, blocks), 2),
                                       plain_block_jensen(logits, task, equal_ranges(V, blocks))}) {
      const BlockJensen unshifted = without_shifts(model, witness);
      const std::vector<LabelSum> fast = block_jensen_sums(*tables, witness, {.threads = 2}),
                                  slow = reference_block_jensen_sums(logits, task, witness, {.threads = 2});
      for (std::size_t j = 0; j < witness.blocks.size(); ++j) {
        const LabelRange block = witness.blocks[j];
        const Real bound = theorem(model, unshifted, j);
        Real loss = 0;
        Integer correct = 0, claimed = 0;
        Interval by_doubles, by_intervals;
        for (std::uint64_t y = block.from; y < block.to; ++y) {
          loss += truths[y].loss;
          correct += truths[y].correct;
          claimed += fast[y].correct;
          by_doubles += fast[y].loss;
          by_intervals += slow[y].loss;
        }
        const Real inputs(Integer(block.to * block.to - block.from * block.from));
        CHECK(loss <= upper(by_doubles));
        CHECK(claimed <= correct);
        CHECK(abs(Real(upper(by_doubles) - bound)) <= Real("1e-10") * inputs); // the test's own shifts are doubles
        CHECK(abs(Real(upper(by_intervals) - bound)) <= Real("1e-10") * inputs);
        CHECK(lower(by_doubles) <= upper(by_intervals));
        CHECK(lower(by_intervals) <= upper(by_doubles));
      }
    }
  }
}

TEST_CASE("block-jensen: the search lowers the bound, and does not depend on threads") {
  const std::uint64_t V = 40;
  const Model model = random_model(V, 6, 1, 99);
  const Task task{2, V};
  const auto tables = token_sum_tables(model, task, 2);
  REQUIRE(tables);
  const auto total = [&](const BlockJensen& witness) {
    Interval sum;
    for (const LabelSum& label : block_jensen_sums(*tables, witness, {.count_correct = false, .threads = 2}))
      sum += label.loss;
    return upper(sum);
  };
  const BlockJensen found = find_block_jensen(*tables, equal_ranges(V, 5), 2);
  CHECK(total(found) < total(plain_block_jensen(reference_logits(model, 2), task, equal_ranges(V, 5))));
  CHECK(total(found) < total({equal_ranges(V, 5), std::vector<double>(V, 1.0)}));
  CHECK(found.multipliers == find_block_jensen(*tables, equal_ranges(V, 5), 1).multipliers);
}
