// A certificate file as what it states. Nothing is checked but what reading needs: whether any of it is true, only
// proofmark-verify says.
#pragma once

#include "certificate.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace proofmark {

// lo <= S <= hi for the sum S of the loss over the inputs of the labels.
struct StatedStep {
  std::string rule; // "symmetry@1", or whatever stands there
  LabelRange labels;
  Rational lo, hi;
  std::optional<Integer> correct;
};

struct StatedCertificate {
  std::string sha256; // of the file's bytes
  std::uint64_t bytes = 0;
  std::vector<Claim> claims;
  Task task;
  std::string family, model_sha256; // as stated
  std::vector<Tensor> tensors;      // sorted by name; their names are whatever stands there
  std::vector<StatedStep> steps;    // their ranges cover 0 .. V in order
  OperationCounts<std::uint64_t> tables, all_steps, conclusion;
  std::map<std::string, std::string> provenance; // somebody's words
};

// Throws Error: io when the file cannot be read, data when it is not a certificate of a kind and version that this
// program knows, or so wrong that its steps are no partition of the labels.
StatedCertificate read_certificate(const std::filesystem::path&);

std::string function_in_words(const StatedCertificate&); // of a family that this program does not know, it says so

} // namespace proofmark
