// A certificate in memory, as the generator builds it (schema/FORMAT.md). Nothing is checked here; the
// verifier does that.
#pragma once

#include "certificates/witness.hpp"
#include "models/model.hpp"
#include "tasks/inputs.hpp"

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

struct SumOfLosses {
  Dyadic lo, hi;
};

// At least and at most so many.
struct CorrectInputs {
  Integer least, most;
  bool operator==(const CorrectInputs&) const = default;
};

// States of the inputs of the labels: between what ends the sum of their losses lies, how many of them are correct, and
// that none has a smaller margin. All steps of a certificate state the same of these.
struct Step {
  std::string rule; // "symmetry@1"
  LabelRange labels;
  std::optional<SumOfLosses> loss;
  std::optional<CorrectInputs> correct;
  std::optional<Dyadic> margin;
  Integer operations; // closing the step may take so many
};

struct Certificate {
  std::vector<Claim> claims;
  Task task;
  const Family* family = nullptr;
  std::vector<Tensor> tensors; // of the model, sorted by name
  std::string model_sha256;
  Witnesses witnesses;                           // those that the steps' rules take
  Integer tables;                                // operations that what all steps share may take
  std::vector<Step> steps;                       // their ranges cover 0 .. V in order
  std::map<std::string, std::string> provenance; // printable ASCII; no time, host or path
};

std::string name(Quantity); // "cross-entropy", as certificates write it
std::string name(Side);

// What a claim says, for people: "mean cross-entropy <= ", to be followed by the bound.
std::string in_words(Quantity, Side);

std::size_t numbers_of(const Step&); // that it declares, of FORMAT.md, section 8

Integer length(const Certificate&); // all budgets, and the conclusion

} // namespace proofmark
