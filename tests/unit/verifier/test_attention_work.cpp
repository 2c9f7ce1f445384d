// Rules of attention-only ask for their budget before each part of their work: the label, each query, each cell, placement,
// row or gap. With a budget that is too small they stop at one of these places, and each of them is where some budget stops.
#include "attention_models.hpp"
#include "family.hpp"
#include "meter.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace verifier;
using attention::witness;

namespace {

constexpr std::uint64_t V = 4, n = 3, label = 3; // queries 0 .. 3
constexpr std::uint64_t near = 2;                // tokens 1 and 2; token 0 is far

// What was performed when a rule stopped, with every budget from nothing to all but one.
std::set<std::uint64_t> stops(const std::string& rule, std::vector<Tensor> witnesses) {
  const Certificate certificate =
      attention::certificate(attention::draw(attention::Kind::random, V, n, 5), rule, witnesses);
  const auto prover = make_prover(certificate, {});
  const auto worker = prover->worker();
  const auto performed = [&](std::uint64_t declared) {
    Budget budget{.declared = declared};
    Meter meter(budget);
    try {
      worker->close(rule, {label, label + 1}, true, meter);
      meter.checkpoint();
    } catch (const BudgetExceeded&) {
    }
    return budget.performed.load();
  };
  const std::uint64_t all = performed(UINT64_MAX);
  std::set<std::uint64_t> totals;
  for (std::uint64_t declared = 0; declared < all; ++declared) {
    const std::uint64_t total = performed(declared);
    CHECK(total > declared);
    totals.insert(total);
  }
  return totals;
}

std::vector<Tensor> near_tokens() {
  return {witness("near", DType::uint16, {V}, {0, 1, 2, near})};
}

} // namespace

TEST_CASE("attention-only: rules stop wherever their budget ends") {
  const std::uint64_t queries = label + 1, of_label = 2, last = 1; // π and P*, columns; what is charged at the end
  // (x, s, f') with x + s + f' = 2: six, of which three have no label slot
  const std::uint64_t cells = 6 + (queries - 1) * 3;
  CHECK(stops("band@1", near_tokens()).size() == of_label + queries * 2 + last);
  CHECK(stops("near-far@1", near_tokens()).size() == of_label + queries * 2 + cells + last);
  CHECK(stops("soft-near-far@1", near_tokens()).size() == of_label + queries + cells + last);
  CHECK(stops("cubic@1", {}).size() == of_label + queries * 2 + last); // tokens; the label alone

  // gap 1 wherever one may stand: q < 3 with s = 0, 1; q = 3 with s = 1, 2
  std::vector<std::uint16_t> gaps(V * V * n);
  for (std::uint64_t q = 0; q < V; ++q)
    for (const std::uint64_t s : {q == label ? 1 : 0, q == label ? 2 : 1}) gaps[(label * V + q) * n + s] = 1;
  CHECK(stops("subcubic@1", {witness("gaps", DType::uint16, {V, V, n}, gaps)}).size() ==
        of_label + queries * 2 + 1 + last);

  // rows of the last slot: after each token of the first one
  CHECK(stops("enumeration@1", {}).size() == 1 + queries * (1 + V) + last);

  // two free slots, each on the label, near or far, for q < 3 not both elsewhere: 9 and 5 placements. Rows: near slots are
  // filled in full up to one, with two of them a row is a near token.
  auto witnesses = near_tokens();
  witnesses.push_back(witness("filled", DType::uint8, {V}, {1, 1, 1, 1}));
  const std::uint64_t rows_of_label = 4 + 4 * near + near, rows_below = 3 + 2 * near;
  CHECK(stops("placements@1", witnesses).size() ==
        1 + queries + (9 + rows_of_label) + (queries - 1) * (5 + rows_below) + last);
}
