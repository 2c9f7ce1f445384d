// The registry of rules: what each is about, what it bounds, which witnesses it takes. A new rule for a shape that has some, or for
// any description, is declared in its problem.hpp or network.hpp and adds a row in rules.cpp.
#pragma once

#include "models/shapes.hpp"
#include "reading/certificate.hpp"
#include "reading/limits.hpp"
#include "rules/any/problem.hpp"
#include "rules/attention/problem.hpp"
#include "rules/token_sum/problem.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace verifier {

struct WitnessUse {
  std::string_view name;
  std::string_view needed = {};                   // what for; empty: the rule does without
  std::uint64_t most_positions = limits::context; // it takes it up to so many
};

struct Rule {
  using OfTokenSum = rules::Result (*)(kernel::Kernel&, const rules::token_sum::Problem&, rules::token_sum::Labels);
  using OfAttention = rules::attention::Rule;
  using OfAny = rules::any::Rule;

  std::string_view name; // "symmetry@1"; one of each name for a shape, and one for any description
  // For which shape it is, and what it closes ranges of: for a shape, of labels; for any, of inputs.
  std::variant<OfTokenSum, OfAttention, OfAny> close;
  std::uint64_t least_positions = 1, most_positions = limits::context;
  // What it bounds: all rules bound correct inputs from below; one that is exact, or encloses, all that there is, from both sides.
  bool exact = false, loss_from_above = exact, loss_from_below = exact;
  bool by_sets = false;      // it computes with sets of numbers: what it leaves open is not told from rounding
  bool whole_blocks = false; // a step's labels are blocks of the witness
  bool whole_rows = false;   // a step's inputs are all those of some left symbols
  // Of a rule for any description: why it is not for this one, or this task.
  std::optional<std::string> (*why_not)(const Certificate&) = nullptr;
  std::span<const WitnessUse> witnesses = {};

  Parts parts() const; // what it closes ranges of
  bool is_for(ModelShape) const;
};

std::span<const Rule> all_rules();
// By what the steps' ranges are of; null if there is none.
const Rule* find_rule(ModelShape, Parts, std::string_view name);
std::string known_rules(); // their names, for messages

// The rules of a certificate's steps, step by step. Returns if each of them is known and can close its step of such a model and
// task; else fails with rule-unknown, rule-task, rule-steps, limit-vocabulary, rule-context, rule-direction, rule-loss, rule-margin.
// Which witnesses there are fails with witness-unused, witness-missing.
std::vector<const Rule*> rules_of_steps(const Certificate&);

} // namespace verifier
