// What `prove` is to do, whatever the model is: one of a family, which has several strategies, or any network that is described.
#pragma once

#include "certificates/certificate.hpp"
#include "commands/models/chosen_model.hpp"
#include "models/safetensors.hpp"
#include "proofs/exact_loss.hpp"
#include "strategies/ledger.hpp"

namespace proofmark {

struct MadeProof {
  Certificate certificate;
  std::optional<Noise> noise;
  std::string explanation; // that the search found, as a file has it; empty where the strategy has no witnesses
  std::vector<std::string> notes;
};

struct PlannedProof {
  Integer length;        // of checking it
  double seconds;        // of finding it
  std::string ledger_of; // empty: nothing is kept
  std::string pieces;    // that a ledger keeps: "64 labels"
  std::map<std::string, std::string> parameters;
  bool is_explained; // whether its strategy has explanations

  using Progress = std::function<void(double)>;
  using Say = std::function<void(const std::string&)>;
  std::function<MadeProof(const Progress&, Ledger*, const Say&)> make;
};

// Where the options name no strategy, the exact one is meant. Throws Error for whatever can be refused before the work.
PlannedProof planned_proof(SafetensorsFile, const Question&, ProofOptions);

} // namespace proofmark
