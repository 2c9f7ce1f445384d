// What is refused before any work: both sides of every limit that lengths, files and witnesses have.

#include "certificates/base64.hpp"
#include "families/families.hpp"
#include "proofs/plan.hpp"
#include "support/error.hpp"
#include "support/limits.hpp"

#include <doctest/doctest.h>

using namespace proofmark;

namespace {

ProofOptions by(const char* strategy) {
  ProofOptions options;
  options.strategy = strategy;
  return options;
}

// Empty where there is a proof.
std::string refusal(const Shape& shape, const ProofOptions& options) {
  try {
    plan(shape, options);
    return {};
  } catch (const Error& error) {
    CHECK(error.exit == Exit::usage);
    CHECK(!error.hint.empty());
    return error.what();
  }
}

bool says(const std::string& refusal, const char* words) {
  return refusal.find(words) != std::string::npos;
}

} // namespace

TEST_CASE("a certificate's file: weights that just fit, and one byte more") {
  Shape shape{&token_sum_family, {2, 4}, 2, 0, limits::file_bytes / 4 * 3};
  CHECK(refusal(shape, by("symmetry")) == "");
  shape.weight_bytes += 1;
  CHECK(says(refusal(shape, by("symmetry")), "more than the 1073741824 that the verifier takes"));
}

TEST_CASE("a certificate's file: levels for as many inputs as fit, and for a vocabulary larger by one") {
  ProofOptions options = by("head-tail");
  options.how.budget = parse_budget("0.5");
  std::uint64_t V = 1;
  while (base64_bytes(sorted_inputs({3, V + 1})) <= limits::file_bytes) ++V;
  CHECK(refusal({&token_sum_family, {3, V}, 1}, options) == "");
  CHECK(says(refusal({&token_sum_family, {3, V + 1}, 1}, options), "bytes, more than the"));
  ProofOptions accuracy = by("head-tail"); // every input gets the head that it needs
  accuracy.quantities.cross_entropy = false;
  CHECK(says(refusal({&token_sum_family, {3, V + 1}, 1}, accuracy), "bytes, more than the"));
}

TEST_CASE("the length: each strategy has a longest context within the limit, and is refused beyond it") {
  const std::pair<const char*, Shape> proofs[] = {
      {"enumeration", {&token_sum_family, {1, 32}, 4}},
      {"symmetry", {&token_sum_family, {1, 256}, 4}},
      {"enumeration", {&attention_only_family, {1, 32}, 4, 4}},
      {"placements", {&attention_only_family, {1, 128}, 4, 4}},
  };
  for (auto [strategy, shape] : proofs) {
    CAPTURE(strategy);
    ProofOptions options = by(strategy);
    if (std::string_view(strategy) == "placements") options.how.near = 8, options.how.fill = 20;
    std::uint64_t& n = shape.task.context;
    while (n < limits::context && refusal(shape, options).empty()) ++n;
    REQUIRE(n > 2);
    REQUIRE(n < limits::context);
    CHECK(says(refusal(shape, options), "operations, more than the 1125899906842624 that the verifier takes"));
    --n;
    CHECK(plan(shape, options).length <= limits::length);
  }
}

TEST_CASE("norms of tails, steps and heads: as many as there may be, and one more") {
  ProofOptions options = by("head-tail");
  options.how.groups = limits::tail_norms;
  CHECK(refusal({&token_sum_family, {2, 5000}, 1}, options) == "");
  ++options.how.groups;
  CHECK(says(refusal({&token_sum_family, {2, 5000}, 1}, options), "more than the 4096 norms"));
  for (const std::uint64_t steps : {7, 8}) {
    ProofOptions of_steps = by("symmetry");
    of_steps.steps = steps;
    CHECK(refusal({&token_sum_family, {2, 7}, 1}, of_steps).empty() == (steps == 7));
  }
  for (const std::uint64_t heads : {5, 6}) {
    ProofOptions of_heads = by("near-far");
    of_heads.how.outputs = heads;
    CHECK(refusal({&attention_only_family, {2, 7}, 1, 1}, of_heads).empty() == (heads == 5));
  }
}

TEST_CASE("the largest models that the verifier takes have a proof") {
  CHECK(refusal({&token_sum_family, {limits::context, limits::vocabulary}, limits::width}, by("convexity")).empty());
  CHECK(
      refusal({&attention_only_family, {limits::context, 256}, limits::width, limits::width}, by("near-far")).empty());
}

TEST_CASE("work is announced where it is long, and refused where it is too long") {
  CHECK(announcement(1000, 1, 2).empty());
  CHECK(announcement(5'000'000'000, 1, 1).empty());
  CHECK(announcement(120'000'000'000, 200, 2) ==
        "about 120000000000 operations: about 3 minutes to find, and about 24 seconds to verify");
  std::vector<double> told;
  const Patience patience{100, [&](double seconds) { told.push_back(seconds); }};
  for (const double seconds : {1.0, 11.0, 99.0}) patience.begin(seconds);
  CHECK(told == std::vector<double>{11, 99});
  CHECK_THROWS_WITH_AS(patience.begin(101), "this proof would take about 2 minutes", Error);
  ProofOptions slow = by("symmetry");
  slow.threads = 1;
  CHECK_THROWS_WITH_AS(require_patience(plan({&token_sum_family, {3, 4096}, 8}, slow)),
                       doctest::Contains("would take about"), Error);
  slow.force = true;
  CHECK_NOTHROW(require_patience(plan({&token_sum_family, {3, 4096}, 8}, slow)));
}
