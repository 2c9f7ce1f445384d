// What explanations of one model are worth: what proofmark-verify established of the proof that each gives, beside the exact numbers,
// and how what is between them comes about (docs/explanations.md).
#pragma once

#include "certificates/verification.hpp"
#include "frontier/pareto.hpp"

namespace proofmark {

// How much of a slack comes from one source. Amounts are whole multiples of 10^-18, so that decimals add up.
struct SlackPart {
  std::string kind; // "left", "right", "fold", "signs", "norms", "labels", "inputs", "rounding"
  std::string what; // for people: "what 5 blocks (images:3) do not say of the left side of 28 neurons"
  Rational amount;
};

struct ScoredProof {
  std::string name;        // of its files: letters, digits, hyphens
  std::string explanation; // the file's name, printable; empty: found by the search alone
  std::string strategy;
  std::string certificate_sha256;
  std::uint64_t certificate_bytes = 0;
  Verification verification;             // of a proof from a frontier's folder without `answer` and `step_uppers`
  std::vector<SlackPart> loss, accuracy; // they add up to upper - exact loss, and to exact accuracy - accuracy
  Standing standing = {};
  std::string behind = {}; // the name of a proof that is as short and as tight, and in one of these better

  bool verified() const { return verification.verdict == "VERIFIED"; }
};

struct Scores {
  FiniteTask task;
  std::string function, model_sha256, generator, verifier; // versions
  std::uint64_t classes = 0;
  std::optional<ScoredProof>
      exact; // by enumeration, or by a strategy that is as exact; nothing where that takes too long
  std::optional<Integer> enumeration; // operations of enumeration's proof; nothing where it is longer than any may be
  Integer every_input_by_itself;      // operations of the forward pass over all inputs, nothing shared
  std::vector<ScoredProof> proofs;    // explanations as given, then what the search finds
  std::vector<std::string> notes;
};

// The exact loss, and the exact accuracy, as the verifier established them of the exact proof: from below.
std::optional<Rational> exact_loss(const Scores&);
std::optional<Rational> exact_accuracy(const Scores&);

void compare(Scores&); // fills in standing and behind, of all proofs with the exact one

// Parts with decimals that add up to `whole`: what is left over is the last part, rounding.
std::vector<SlackPart> closed(std::vector<SlackPart>, const Rational& whole);

std::string text(const Scores&);
std::string json(const Scores&);

} // namespace proofmark
