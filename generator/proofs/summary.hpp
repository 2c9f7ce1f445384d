// What `proofmark prove` says of a certificate that it has written, for people and for scripts.
#pragma once

#include "proofs/exact_loss.hpp"
#include "proofs/proving.hpp"

#include <optional>
#include <string>
#include <vector>

namespace proofmark {

struct ProofSummary {
  const Certificate& certificate;
  std::string strategy;
  std::map<std::string, std::string> parameters;
  std::string path, sha256;   // of the certificate's file
  std::optional<Noise> noise; // where it was asked for and is known
  std::vector<std::string> notes;
};

// What the user should know of the proof: vacuous bounds, inputs that are not counted.
std::vector<std::string> notes(const Certificate&, const Integer& undecided);

std::string text(const ProofSummary&);
std::string json(const ProofSummary&); // docs/command-line.md has the keys; no time, and so the same in every run

} // namespace proofmark
