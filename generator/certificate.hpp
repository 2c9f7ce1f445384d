// A certificate in memory, as the generator builds it (schema/FORMAT.md). Nothing is checked here; the
// verifier does that.
#pragma once

#include "model.hpp"
#include "operations.hpp"
#include "witness.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace proofmark {

enum class Quantity { cross_entropy, accuracy };
enum class Side { lower, upper };

struct Claim {
  Quantity quantity;
  Side direction;
  std::string bound; // a decimal in the format's grammar
};

// States lo <= S <= hi for the sum S of the loss over the inputs of the labels, and at least `correct`
// correct inputs.
struct Step {
  std::string rule; // "symmetry@1"
  LabelRange labels;
  Dyadic lo, hi;
  std::optional<Integer> correct;
  Operations operations;
};

struct Certificate {
  std::vector<Claim> claims;
  Task task;
  Family family;
  std::vector<Tensor> tensors; // of the model, sorted by name
  std::string model_sha256;
  Witnesses witnesses;     // those that the steps' rules take
  std::vector<Step> steps; // their ranges cover 0 .. V in order
  Operations tables, conclusion;
  std::map<std::string, std::string> provenance; // printable ASCII; no time, host or path
};

std::string name(Quantity); // "cross-entropy", as certificates write it
std::string name(Side);

Operations step_operations(const Certificate&); // summed over the steps
Integer length(const Certificate&);

} // namespace proofmark
