// A certificate in memory, as the generator builds it (schema/FORMAT.md). Nothing is checked here; the
// verifier does that.
#pragma once

#include "certificates/witness.hpp"
#include "models/safetensors.hpp"
#include "tasks/labelling.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace proofmark {

enum class Quantity { cross_entropy, accuracy, margin, length };
enum class Side { lower, upper };

inline constexpr std::array quantities{Quantity::cross_entropy, Quantity::accuracy, Quantity::margin, Quantity::length};

struct Claim {
  Quantity quantity;
  Side direction;
  std::string bound; // a decimal in the format's grammar
};

// Ends are dyadic: a whole number times a power of two.
struct SumOfLosses {
  Rational lo, hi;
};

// At least and at most so many.
struct CorrectInputs {
  Integer least, most;
  bool operator==(const CorrectInputs&) const = default;
};

// Of labels, for all inputs whose label lies in [from, to); or of indices of inputs.
struct StepRange {
  enum class Of { labels, inputs };
  Of of = Of::labels;
  std::uint64_t from = 0, to = 0;

  LabelRange labels() const { return {from, to}; }
};

std::string_view name(StepRange::Of); // "labels", as certificates write it

// States of the inputs of the range: between what ends the sum of their losses lies, how many of them are correct, and
// that none has a smaller margin. All steps of a certificate state the same of these.
struct Step {
  std::string rule; // "symmetry@1"
  StepRange range;
  std::optional<SumOfLosses> loss;
  std::optional<CorrectInputs> correct;
  std::optional<Rational> margin; // dyadic
  Integer operations;             // closing the step may take so many
};

// What the steps of a certificate state.
struct Stated {
  bool loss = true, correct = true, margin = true;
};

struct Certificate {
  std::vector<Claim> claims;
  FiniteTask task;
  std::string architecture;    // the description, as the digest takes it
  std::string function;        // in one line, for people
  std::uint64_t classes = 0;   // C
  std::vector<Tensor> tensors; // of the model, sorted by name
  std::string model_sha256;
  Witnesses witnesses;                           // those that the steps' rules take
  Integer tables;                                // operations that what all steps share may take
  std::vector<Step> steps;                       // their ranges cover 0 .. C or 0 .. N in order
  std::map<std::string, std::string> provenance; // printable ASCII; no time, host or path
};

std::string name(Quantity); // "cross-entropy", as certificates write it
std::string name(Side);

// What a claim says, for people: "mean cross-entropy <= ", to be followed by the bound.
std::string in_words(Quantity, Side);

std::size_t numbers_of(const Step&); // that it declares, of FORMAT.md, section 8

Integer length(const Certificate&); // all budgets, and the conclusion

} // namespace proofmark
