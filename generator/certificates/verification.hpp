// The separate verifier, run as what it is: another program. Its verdict, its receipt and its own enclosures are all
// that a command says about a bound.
#pragma once

#include "lengths/operations.hpp"
#include "tasks/labelling.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace proofmark {

struct SeparateVerifier {
  std::filesystem::path program;
  std::string version; // as it states it
};

// The program given, or (where that is empty) proofmark-verify beside this executable or where a build puts it. Throws
// Error (io) when there is none or it does not answer like one.
SeparateVerifier separate_verifier(const std::filesystem::path& given);

struct Verification {
  std::string verdict = "ERROR"; // VERIFIED, REJECTED, DECLINED, MALFORMED or ERROR
  std::string reason;            // a code of schema/reasons.md, or why there is no answer; empty when verified
  std::string answer;            // the verifier's own lines on standard output, without those of the steps
  double seconds = 0;

  // From the receipt, when verified; decimals as they stand there.
  std::optional<std::string> upper, lower, accuracy, accuracy_upper, margin; // established
  std::optional<std::string> claimed_upper;
  OperationCounts<std::uint64_t> operations; // performed
  std::vector<Rational> step_uppers;         // the verifier's upper end of each step's sum of losses
};

struct Expected {
  std::string certificate_sha256, model_sha256;
  FiniteTask task;
  std::size_t steps;                              // that state the loss
  std::filesystem::path weights = {}, claim = {}; // files for --weights and --claim; empty: not given
};

// VERIFIED only when exit code, first line and receipt agree and the receipt is about the certificate, model and task
// that are expected. `progress` is told the fraction of the work that the verifier reports as done.
Verification verify(const SeparateVerifier&, const std::filesystem::path& certificate,
                    const std::filesystem::path& receipt, const Expected&, unsigned threads,
                    const std::function<void(double done)>& progress);

// What a receipt that is there already says, if it is about that.
Verification verified_by(const std::filesystem::path& receipt, const Expected&);

} // namespace proofmark
