// A strategy proves a model's performance in one way: what its steps cite, what checking them costs, and how
// their bounds are found. One strategy a file, beside this one or in the folder of its family; this list is all that
// commands know of them.
#pragma once

#include "../engines.hpp"
#include "../model.hpp"
#include "../strategy_options.hpp"
#include "../witness.hpp"

#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark {

// A rule as the steps of one certificate use it.
struct RuleInUse {
  std::string_view rule; // what the steps cite; docs/rules/ has a page of that name

  // Whether the rule bounds the loss from below as well. One that does not finds correct inputs by way of the
  // loss alone, so that it may find none.
  bool from_below;

  // What the rule adds to the tables, once, and what a step over these labels costs.
  Operations tables;
  std::function<Operations(LabelRange, bool states_correct)> operations;
};

// How one model is to be proved.
struct Plan {
  LabelSums sums; // bounds by label, each by the rule that closes it
  Witnesses witnesses;
  std::vector<RuleInUse> rules;
  std::vector<std::size_t> rule_of_step; // empty: the first, everywhere

  const RuleInUse& rule(std::size_t step) const { return rules[rule_of_step.empty() ? 0 : rule_of_step[step]]; }
};

// What a plan is made from.
struct PlanRequest {
  const Model& model; // of the strategy's family
  const Task& task;
  const StrategyOptions& options;
  bool loss;                   // whether the loss is to be claimed
  const LabelSumOptions& sums; // whether correct inputs are to be counted, threads, progress
  const std::vector<LabelRange>& steps;
  const Patience& patience;
};

const TokenSumModel& token_sum(const PlanRequest&); // the model, of that family

struct Strategy {
  Family family;
  std::string_view name;    // as --strategy takes it
  std::string_view summary; // for --help
  bool from_below;          // whether it bounds the loss from below as well
  bool exact;               // whether it finds the loss itself
  bool loss;                // whether it bounds the loss by more than the largest that an input can have

  // Into how many steps a proof is divided when the user does not say; null: 64, or V.
  std::uint64_t (*usual_steps)(const Task&, const StrategyOptions&);

  // Throws Error (usage) for options that this strategy does not take, or not for this task.
  void (*check)(const Task&, const StrategyOptions&, const std::vector<LabelRange>& steps);

  // No certificate for such a task is shorter; null: nothing is known that would be quicker to compute than `predicted`.
  Integer (*least)(const Task&);

  // What the steps of a certificate would cost together with what rules add to the tables: exactly, or as well as
  // can be told before the work.
  Operations (*predicted)(const Task&, const StrategyOptions&, bool states_correct);

  // About how long finding the proof takes, in seconds of one thread; `loss`: whether the loss is to be claimed.
  double (*seconds)(const Shape&, const StrategyOptions&, bool loss);

  Plan (*plan)(const PlanRequest&);

  const char* shorter = "use a smaller --context or vocabulary"; // a hint where a certificate would be too long

  // What witnesses take of a certificate at least, before they are written in base64; null: little.
  Integer (*witness_bytes)(const Task&, const StrategyOptions&, bool loss) = nullptr;
};

std::span<const Strategy* const> strategies(Family);
std::vector<std::string> strategy_names(Family);
std::vector<std::string> strategy_names();                    // of all families, each name once
const Strategy* find_strategy(Family, std::string_view name); // null when there is none

extern const Strategy enumeration, symmetry, convexity, head_tail, mixed, block_jensen; // of token-sum
extern const Strategy near_far, band, cubic, subcubic, soft_near_far, placements,
    attention_only_enumeration; // of attention-only

// The rules that need no witness, with the closed formulas of their pages.
RuleInUse enumeration_rule(const Task&), symmetry_rule(const Task&), convexity_rule(const Task&);

RuleInUse head_tail_rule(HeadTail);

// What a budget leaves for head-tail@1: multiplications of its tables and of all steps, or operations of every kind.
Integer head_tail_allowance(const PlanRequest&);
bool head_tail_affordable(const PlanRequest&);                           // whether it covers heads of one output each
Integer head_tail_bytes(const Task&, const StrategyOptions&, bool loss); // of its witnesses, at least

// Throws Error (usage) for an option that a strategy does not take; `taken` by command-line name.
void take_only(const StrategyOptions&, std::initializer_list<std::string_view> taken);
void take_no_options(const Task&, const StrategyOptions&, const std::vector<LabelRange>& steps);

// All tables of a certificate with these rules (FORMAT.md, section 8); without rules, of what all its steps share.
Operations table_operations(std::span<const RuleInUse>, const Shape&);

// Rule pages, for n = 1 the rules coincide: the cost of one label under enumeration@1.
Operations enumeration_operations_of_label(const Task&, std::uint64_t label, bool states_correct);

} // namespace proofmark
