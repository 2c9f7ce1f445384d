// A certificate file as what it states. Nothing is checked but what reading needs: whether any of it is true, only
// proofmark-verify says.
#pragma once

#include "certificates/certificate.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace proofmark {

struct StatedStep {
  std::string rule; // "symmetry@1", or whatever stands there
  StepRange range;
  std::optional<std::pair<Rational, Rational>>
      loss; // lo <= S <= hi for the sum S of the loss over the inputs of the range
  std::optional<CorrectInputs> correct;
};

struct StatedCertificate {
  std::string sha256; // of the file's bytes
  std::uint64_t bytes = 0;
  std::vector<Claim> claims;
  FiniteTask task;
  std::string architecture, model_sha256;        // as stated; the description as the digest takes it
  std::vector<Tensor> tensors;                   // sorted by name; their names are whatever stands there
  std::vector<StatedStep> steps;                 // their ranges, all of one kind, follow each other from 0
  Integer tables, all_steps, conclusion;         // budgets of operations, and what the conclusion takes
  std::map<std::string, std::string> provenance; // somebody's words

  std::size_t steps_with_loss() const; // that state the loss
  Integer length() const { return tables + all_steps + conclusion; }
};

// Throws Error: io when the file cannot be read, data when it is not a certificate of a kind and version that this
// program knows, or so wrong that its steps are no partition of labels or inputs.
StatedCertificate read_certificate(const std::filesystem::path&);

} // namespace proofmark
