// A strategy proves a model's performance in one way: what its steps cite, what checking them costs, and how
// their bounds are found. One strategy a file, beside this one or in the folder of its family; this list is all that
// commands know of them.
#pragma once

#include "certificates/witness.hpp"
#include "families/token_sum/bounds/engines.hpp"
#include "lengths/lengths.hpp"
#include "models/model.hpp"
#include "strategies/options.hpp"

#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark {

// What a rule bounds. All of them bound correct inputs from below.
struct Rule {
  std::string_view name; // what the steps cite; docs/rules/ has a page of that name

  bool loss = true; // the sum of the loss, from above

  // The loss from below as well. A rule that bounds it from above only finds correct inputs by way of the loss, so that it may
  // find none.
  bool from_below = false;

  bool exact = false; // correct inputs from above as well, and margins
};

// How one model is to be proved.
struct Plan {
  LabelSums sums; // bounds by label, each by the rule that closes it
  Witnesses witnesses;
  Hints hints; // the same, for lengths
  std::vector<Rule> rules;
  std::vector<std::size_t> rule_of_step = {}; // empty: the first, everywhere

  const Rule& rule(std::size_t step) const { return rules[rule_of_step.empty() ? 0 : rule_of_step[step]]; }
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
  Rule rule;                // that its steps cite; where they cite several, without a name, what they bound together

  // Into how many steps a proof is divided when the user does not say; null: 64, or V.
  std::uint64_t (*usual_steps)(const Task&, const StrategyOptions&) = nullptr;

  // Throws Error (usage) for options that this strategy does not take, or not for this task.
  void (*check)(const Task&, const StrategyOptions&, const std::vector<LabelRange>& steps);

  // No certificate for such a task is shorter; null: nothing is known that would be quicker to compute than `predicted`.
  Integer (*least)(const Task&) = nullptr;

  // Witnesses as far as lengths depend on them, exactly or as well as can be told before the work; null: there are none.
  Hints (*hints)(const Task&, const StrategyOptions&, bool loss) = nullptr;

  // About how long finding the proof takes, in seconds of one thread; `loss`: whether the loss is to be claimed.
  double (*seconds)(const Shape&, const StrategyOptions&, bool loss);

  Plan (*plan)(const PlanRequest&);

  const char* shorter = "use a smaller --context or vocabulary"; // a hint where a certificate would be too long

  // What witnesses take of a certificate at least, before they are written in base64; null: little.
  Integer (*witness_bytes)(const Task&, const StrategyOptions&, bool loss) = nullptr;

  // What tables and steps take beyond `hints`, where a budget says how much; null: nothing.
  Operations (*beyond)(const Shape&, const StrategyOptions&, bool correct, const Operations& least) = nullptr;
};

std::span<const Strategy* const> strategies(Family);
std::vector<std::string> strategy_names(Family);
std::vector<std::string> strategy_names();                    // of all families, each name once
const Strategy* find_strategy(Family, std::string_view name); // null when there is none

extern const Strategy enumeration, symmetry, convexity, head_tail, mixed, block_jensen; // of token-sum
extern const Strategy near_far, band, cubic, subcubic, soft_near_far, placements,
    attention_only_enumeration; // of attention-only

// What tables and steps would take: exactly, or as well as can be told before the work. `loss`: whether it is to be claimed.
Operations predicted(const Strategy&, const Shape&, const StrategyOptions&, bool loss, bool correct);

// What all steps of symmetry@1 multiply: what a share of a budget is of.
Integer products_of_symmetry(const Shape&, bool correct);

Integer most_of_conclusion(std::uint64_t steps); // of a certificate that claims all that there is

// What a budget leaves for head-tail@1: multiplications of its tables and of all steps, or operations of every kind.
Integer head_tail_allowance(const PlanRequest&);
bool head_tail_affordable(const PlanRequest&);                           // whether it covers heads of one output each
Integer head_tail_bytes(const Task&, const StrategyOptions&, bool loss); // of its witnesses, at least

// Throws Error (usage) for an option that a strategy does not take; `taken` by command-line name.
void take_only(const StrategyOptions&, std::initializer_list<std::string_view> taken);
void take_no_options(const Task&, const StrategyOptions&, const std::vector<LabelRange>& steps);

} // namespace proofmark
