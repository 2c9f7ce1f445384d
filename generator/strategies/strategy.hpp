// A strategy proves a model's performance in one way: what its steps cite, what checking them costs, and how
// their bounds are found. One strategy a file, in strategies/ of its family's folder; this row is all that the rooms above
// know of it.
#pragma once

#include "certificates/witness.hpp"
#include "lengths/lengths.hpp"
#include "models/model.hpp"
#include "strategies/label_sum.hpp"
#include "strategies/options.hpp"
#include "strategies/patience.hpp"

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

// What a strategy finds: all that a certificate needs of it.
struct Findings {
  LabelSums sums; // bounds by label, each by the rule that closes it
  Witnesses witnesses;
  Hints hints; // the same, for lengths
  std::vector<Rule> rules;
  std::vector<std::size_t> rule_of_step = {}; // empty: the first, everywhere

  const Rule& rule(std::size_t step) const { return rules[rule_of_step.empty() ? 0 : rule_of_step[step]]; }
};

// What it is asked for.
struct Assignment {
  const Model& model; // of the strategy's family
  const Task& task;
  const StrategyOptions& options;
  bool loss;                   // whether the loss is to be claimed
  const LabelSumOptions& sums; // whether correct inputs are to be counted, threads, progress
  const std::vector<LabelRange>& steps;
  const Patience& patience;
};

struct Strategy {
  const Family* family;
  std::string_view name;              // as --strategy takes it
  std::string_view summary;           // for --help
  const Labels* labels = &max_labels; // that it is about
  Rule rule; // that its steps cite; where they cite several, without a name, what they bound together

  // Into what steps a proof is divided, `steps` of them where the user says how many; null: equal ranges, 64 or V of them.
  std::vector<LabelRange> (*ranges)(const Task&, const StrategyOptions&, std::uint64_t steps) = nullptr;

  // Throws Error (usage) for options that this strategy does not take, or not for this task.
  void (*check)(const Task&, const StrategyOptions&, const std::vector<LabelRange>& steps);

  // No certificate for such a task is shorter; null: nothing is known that would be quicker to compute than `predicted`.
  Integer (*least)(const Task&) = nullptr;

  // Witnesses as far as lengths depend on them, exactly or as well as can be told before the work; null: there are none.
  Hints (*hints)(const Task&, const StrategyOptions&, bool loss) = nullptr;

  // About how long finding the proof takes, in seconds of one thread; `loss`: whether the loss is to be claimed.
  double (*seconds)(const Shape&, const StrategyOptions&, bool loss);

  Findings (*find)(const Assignment&);

  const char* shorter = "use a smaller --context or vocabulary"; // a hint where a certificate would be too long

  // What witnesses take of a certificate at least, before they are written in base64; null: little.
  Integer (*witness_bytes)(const Task&, const StrategyOptions&, bool loss) = nullptr;

  // What tables and steps take beyond `hints`, where a budget says how much; null: nothing.
  Operations (*beyond)(const Shape&, const StrategyOptions&, bool correct, const Operations& least) = nullptr;
};

// What tables and steps would take: exactly, or as well as can be told before the work. `loss`: whether it is to be claimed.
Operations predicted(const Strategy&, const Shape&, const StrategyOptions&, bool loss, bool correct);

Integer most_of_conclusion(std::uint64_t steps); // of a certificate that claims all that there is

// Throws Error (usage) for an option that a strategy does not take; `taken` by command-line name.
void take_only(const StrategyOptions&, const std::vector<std::string_view>& taken);
void take_no_options(const Task&, const StrategyOptions&, const std::vector<LabelRange>& steps);

} // namespace proofmark
