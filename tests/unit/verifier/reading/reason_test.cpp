// The reason codes: their names and verdicts. (tests/repository compares them with schema/reasons.md.)
#include "reading/reason.hpp"

#include <doctest/doctest.h>

using namespace verifier;

TEST_CASE("reasons have codes and verdicts, and the exit codes of these") {
  CHECK(reason::limit_tensors.code == "limit-tensors");
  CHECK(reason::safetensors.verdict == Verdict::malformed);
  CHECK(reason::version_unknown.verdict == Verdict::declined);
  CHECK(reason::architecture_unsupported.verdict == Verdict::declined);
  CHECK(reason::limit_logit_range.verdict == Verdict::declined);
  CHECK(reason::claim_none.verdict == Verdict::rejected);
  CHECK(reason::part_coverage.verdict == Verdict::rejected);
  CHECK(reason::usage.verdict == Verdict::error);
  CHECK(exit_code(Verdict::verified, reason::internal) == 0);
  CHECK(exit_code(Verdict::rejected, reason::margin) == 1);
  CHECK(exit_code(Verdict::declined, reason::limit_memory) == 2);
  CHECK(exit_code(Verdict::malformed, reason::base64) == 3);
  CHECK(exit_code(Verdict::error, reason::usage) == 64);
  CHECK(exit_code(Verdict::error, reason::io) == 66);
  CHECK(exit_code(Verdict::error, reason::internal) == 70);
}
