// One point of the frontier, done: what was made, what the verifier made of it, and the record by which a later run
// knows that it need not be done again.
#pragma once

#include "certificates/verification.hpp"
#include "files/places.hpp"

#include <map>

namespace proofmark {

// What a step adds to the mean loss over all inputs; decimals.
struct StepShare {
  LabelRange labels;
  std::optional<std::string> upper;      // the verifier's, rounded up to 17 digits; where the step states the loss
  std::optional<std::string> exact_loss; // as FinishedPoint has it
};

struct FinishedPoint {
  // What it is; a record that differs in any of these is of something else.
  std::string name, strategy;
  std::map<std::string, std::string> parameters;
  std::string model_sha256, generator, verifier; // the programs' versions

  std::string certificate_sha256, receipt_sha256; // of the files' bytes
  std::uint64_t certificate_bytes = 0;
  double prove_s = 0;

  Verification verification;             // without `answer` and `step_uppers` when read from a record
  std::optional<std::string> exact_loss; // no more than the exact mean loss, by 1e-13 at most; where it was affordable
  std::vector<StepShare> steps;

  bool verified() const { return verification.verdict == "VERIFIED"; }
};

struct Folder {
  std::filesystem::path path;
  std::filesystem::path certificate(const std::string& name) const { return path / "certificates" / (name + ".json"); }
  std::filesystem::path receipt(const std::string& name) const { return path / "receipts" / (name + ".json"); }
  std::filesystem::path record(const std::string& name) const { return path / "points" / (name + ".json"); }
  std::vector<Place> places(const std::string& what) const; // all that a frontier writes
};

void write_record(const Folder&, const FinishedPoint&);

// The point that an earlier run finished, when it is the same as `wanted` (name to verifier), was verified, and its
// certificate and receipt are still the files that were verified. Nothing otherwise, whatever is wrong.
std::optional<FinishedPoint> kept_point(const Folder&, const FinishedPoint& wanted);

} // namespace proofmark
