// Slacks add up digit for digit, and each proof is behind what is as short and as tight.
#include "score/scores.hpp"

#include "numbers/outward.hpp"

#include <doctest/doctest.h>

using namespace proofmark;

namespace {

ScoredProof proof(const std::string& name, std::uint64_t length, const char* upper, const char* accuracy) {
  ScoredProof result;
  result.name = name;
  result.verification.verdict = "VERIFIED";
  result.verification.operations.add = length;
  if (upper) result.verification.upper = upper;
  if (accuracy) result.verification.accuracy = accuracy;
  return result;
}

} // namespace

TEST_CASE("parts add up to the whole, in decimals, whatever they are") {
  const Rational third(1, 3), whole = parse_long_decimal("0.700000000000000000000000000001").value();
  const std::vector<SlackPart> parts =
      closed({{"left", "a", third}, {"right", "b", -third / 7}, {"fold", "c", 0}}, whole);
  REQUIRE(parts.size() == 4);
  CHECK(parts.back().kind == "rounding");
  Rational sum, of_decimals;
  for (const SlackPart& part : parts) {
    sum += part.amount;
    of_decimals += parse_long_decimal(exact_decimal(part.amount)).value();
  }
  CHECK(sum == whole);
  CHECK(of_decimals == whole);
  CHECK(abs(parts[0].amount - third) < Rational(1, 1'000'000'000'000'000'000));
  CHECK(parts[0].amount <= third);
  CHECK(parts[1].amount <= -third / 7);
}

TEST_CASE("who is behind whom") {
  Scores scores;
  scores.classes = 10;
  scores.proofs = {proof("loose", 100, "1.5", "0.5"),  proof("tight", 100, "1.25", "0.5"),
                   proof("short", 50, "2", "0.5"),     proof("twin", 100, "1.25", "0.5"),
                   proof("accurate", 200, "2.5", "1"), proof("refused", 1, "0.1", "1")};
  scores.proofs.back().verification.verdict = "REJECTED";
  compare(scores);
  CHECK(scores.proofs[0].behind == "tight");
  CHECK(scores.proofs[1].behind.empty());
  CHECK(scores.proofs[2].behind.empty());
  CHECK(scores.proofs[3].behind.empty());
  CHECK(scores.proofs[4].behind.empty());
  CHECK(scores.proofs[4].standing.vacuous); // ln 10 = 2.30
  CHECK(scores.proofs[4].standing.pareto_accuracy);
  CHECK(scores.proofs[5].behind.empty());

  // What is longer than the exact proof and no tighter, up to what a table shows, is behind it.
  scores.proofs[1].verification.upper = scores.proofs[3].verification.upper = "1.2500000000001";
  scores.exact = proof("exact", 90, "1.2500000000004", "1");
  compare(scores);
  CHECK(scores.proofs[1].behind == "exact");
  CHECK(scores.proofs[2].behind.empty());
  CHECK(!scores.proofs[1].standing.pareto());
  CHECK(scores.exact->behind.empty());
}
