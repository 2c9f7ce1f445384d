// The reason codes: their names and verdicts.
#include "reading/reason.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace verifier;

TEST_CASE("reasons have codes of their own, and the exit codes of their verdicts") {
  std::set<std::string_view> codes;
  int count = 0;
  for (int i = 0; i <= static_cast<int>(Reason::internal); ++i, ++count) codes.insert(code(static_cast<Reason>(i)));
  CHECK(codes.size() == static_cast<std::size_t>(count));
  CHECK(code(Reason::limit_tensors) == "limit-tensors");
  CHECK(verdict(Reason::safetensors) == Verdict::malformed);
  CHECK(verdict(Reason::version_unknown) == Verdict::declined);
  CHECK(verdict(Reason::architecture_unsupported) == Verdict::declined);
  CHECK(verdict(Reason::limit_logit_range) == Verdict::declined);
  CHECK(verdict(Reason::claim_none) == Verdict::rejected);
  CHECK(verdict(Reason::part_coverage) == Verdict::rejected);
  CHECK(verdict(Reason::usage) == Verdict::error);
  CHECK(exit_code(Verdict::verified, Reason::internal) == 0);
  CHECK(exit_code(Verdict::rejected, Reason::margin) == 1);
  CHECK(exit_code(Verdict::declined, Reason::limit_memory) == 2);
  CHECK(exit_code(Verdict::malformed, Reason::base64) == 3);
  CHECK(exit_code(Verdict::error, Reason::usage) == 64);
  CHECK(exit_code(Verdict::error, Reason::io) == 66);
  CHECK(exit_code(Verdict::error, Reason::internal) == 70);
}
