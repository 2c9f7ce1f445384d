// Which proofs are worth having: no other is at least as short and at least as tight. One definition for the frontier's
// tables and for the report (docs/frontier.md, "Columns").
#pragma once

#include "numbers/interval.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace proofmark {

// What a verifier established of a proof, as decimals; of one that was not verified, nothing.
struct Compared {
  Integer length;
  std::optional<std::string> upper, accuracy;
};

// A proof may be among the best in its bound on the loss, in its accuracy, in both or in neither.
struct Standing {
  bool vacuous = false; // guessing uniformly achieves the bound on the loss
  bool pareto_loss = false, pareto_accuracy = false;

  bool pareto() const { return pareto_loss || pareto_accuracy; }
  bool operator==(const Standing&) const = default;
};

std::vector<Standing> standings(std::span<const Compared>, std::uint64_t classes);

std::string in_words(const Standing&); // for tables: "Pareto-optimal in accuracy", "vacuous", or nothing

struct Tradeoff {
  bool eligible = false;
  Integer length;
  Rational upper;
};

// One mark a point: eligible, and no eligible point is as short and as tight and in one of these better. Equal points
// are marked alike.
std::vector<bool> pareto_optimal(std::span<const Tradeoff>);

} // namespace proofmark
