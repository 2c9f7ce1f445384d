// Different rules for different labels: for each step the one that, all together, makes the best bound at the length
// that a budget allows.

#include "explanations/families.hpp"
#include "families/families.hpp"
#include "families/token_sum/engines.hpp"
#include "families/token_sum/strategies/strategies.hpp"
#include "numbers/elementary.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace proofmark {

namespace {

const std::vector<std::string>& rules_of(const StrategyOptions& options) { // none: they are searched
  static const std::vector<std::string> none;
  return options.explained ? options.explained->rules : none;
}

void check(const Task& task, const StrategyOptions& options, const std::vector<LabelRange>& steps) {
  if (!options.budget)
    throw Error(Exit::usage, "--strategy mixed needs --budget", "--budget 0.05 is 5 % of symmetry's multiplications");
  StrategyOptions others = options;
  others.budget.reset();
  others.multipliers = true;
  take_no_options(task, others, steps);
  if (const std::vector<std::string>& rules = rules_of(options); !rules.empty() && rules.size() != steps.size())
    throw Error(
        Exit::data,
        fmt::format("the explanation's 'rules' has {} strategies, but there are {} steps", rules.size(), steps.size()),
        "--steps says how many there are; leave 'rules' out to have them searched");
}

// As long as the budget allows.
Operations beyond(const Shape& shape, const StrategyOptions& options, bool correct, const Operations&) {
  const Rational amount = options.budget->amount;
  const Integer exact = products_of_symmetry(shape, correct);
  const Rational products = options.budget->share() ? Rational(Rational(exact) * amount) : Rational(amount / 2);
  Operations count = Lengths(shape).tables({});
  const Integer some = std::min(exact, Integer(numerator(products) / denominator(products)));
  count.mul += some;
  count.add += some;
  return count;
}

// One rule for all steps, and what each step would have from it.
struct Candidate {
  Findings findings;
  double tables;              // prices
  std::vector<double> prices; // by step
  std::vector<double> losses; // by step: what is to be made small, the bound or the inputs not shown to be correct
};

Candidate candidate(const Assignment& r, Findings findings) {
  const std::string_view rule = findings.rules.front().name;
  const Lengths lengths(shape_of(r.model, r.task.context), findings.hints);
  Operations tables = lengths.tables({&rule, 1});
  tables -= lengths.tables({});
  Candidate result{{}, price(*r.options.budget, tables).convert_to<double>(), {}, {}};
  for (const LabelRange labels : r.steps) {
    double loss = 0;
    for (std::uint64_t y = labels.from; y < labels.to; ++y)
      loss +=
          r.loss ? upper_double(findings.sums.labels[y].loss) : -findings.sums.labels[y].correct.convert_to<double>();
    result.losses.push_back(loss);
    result.prices.push_back(
        price(*r.options.budget, lengths.step(rule, labels, r.sums.count_correct)).convert_to<double>());
  }
  result.findings = std::move(findings);
  return result;
}

struct Selection {
  double loss = std::numeric_limits<double>::infinity(), price = 0;
  std::vector<std::size_t> by_step;
};

// The best mixture of some candidates: the Lagrangian's choice at the smallest price of an operation that keeps within
// what is allowed, and then single steps for what is left.
Selection best_of(const std::vector<const Candidate*>& all, std::size_t subset, double allowed) {
  const std::size_t steps = all.front()->prices.size();
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (subset >> i & 1) members.push_back(i);
  const auto at = [&](double lambda) {
    Selection s{0, 0, {}};
    for (const std::size_t i : members) s.price += all[i]->tables;
    for (std::size_t step = 0; step < steps; ++step) {
      const auto cost = [&](std::size_t i) { return all[i]->losses[step] + lambda * all[i]->prices[step]; };
      const std::size_t best = *std::min_element(members.begin(), members.end(),
                                                 [&](std::size_t i, std::size_t j) { return cost(i) < cost(j); });
      s.by_step.push_back(best);
      s.loss += all[best]->losses[step];
      s.price += all[best]->prices[step];
    }
    return s;
  };
  Selection best = at(0);
  if (best.price > allowed) {
    best = at(1e30); // the cheapest
    if (best.price > allowed) return {};
    double below = -42, above = 42; // logarithms
    for (int i = 0; i < 60; ++i) {
      const double middle = (below + above) / 2;
      const Selection s = at(elementary::exp(middle));
      (s.price > allowed ? below : above) = middle;
      if (s.price <= allowed && s.loss <= best.loss) best = s;
    }
  }
  for (std::size_t step = 0; step < steps; ++step)
    for (const std::size_t i : members) {
      const double gain = all[best.by_step[step]]->losses[step] - all[i]->losses[step],
                   more = all[i]->prices[step] - all[best.by_step[step]]->prices[step];
      if (gain <= 0 || best.price + more > allowed) continue;
      best.by_step[step] = i;
      best.loss -= gain;
      best.price += more;
    }
  return best;
}

// The strategies that an explanation names, a step each; none where they cost more than what is allowed.
Selection as_said(const std::vector<const Candidate*>& all, const std::vector<std::string>& strategies,
                  double allowed) {
  Selection result{0, 0, {}};
  std::vector<bool> used(all.size());
  for (std::size_t step = 0; step < strategies.size(); ++step) {
    const auto named = std::find_if(all.begin(), all.end(), [&](const Candidate* c) {
      return c->findings.rules.front().name.starts_with(strategies[step] + "@");
    });
    if (named == all.end()) return {};
    const auto i = static_cast<std::size_t>(named - all.begin());
    result.price += (*named)->prices[step] + (used[i] ? 0 : (*named)->tables);
    used[i] = true;
    result.loss += (*named)->losses[step];
    result.by_step.push_back(i);
  }
  return result.price <= allowed ? result : Selection();
}

Findings find(const Assignment& r) {
  const Integer allowed = head_tail_allowance(r);
  const Patience& patience = r.patience;
  const auto within = [&](double from, double to) {
    return LabelSumOptions{r.sums.count_correct, r.sums.margin, r.sums.threads,
                           [&r, from, to](double done) {
                             if (r.sums.progress) r.sums.progress(from + (to - from) * done);
                           },
                           r.sums.ledger};
  };
  const LabelSumOptions first = within(0, 0.2), second = within(0.2, 0.3), last = within(0.3, 1);
  const auto request = [&](const LabelSumOptions& sums) {
    return Assignment{r.model, r.task, r.options, r.loss, sums, r.steps, patience};
  };
  std::vector<Candidate> candidates;
  candidates.push_back(candidate(r, symmetry.find(request(first))));
  candidates.push_back(candidate(r, convexity.find(request(second))));
  if (head_tail_affordable(r)) candidates.push_back(candidate(r, head_tail.find(request(last))));

  std::vector<const Candidate*> all;
  for (const Candidate& c : candidates) all.push_back(&c);
  const std::vector<std::string>& rules = rules_of(r.options);
  Selection best;
  if (!rules.empty()) best = as_said(all, rules, allowed.convert_to<double>());
  for (std::size_t subset = 1; rules.empty() && subset < std::size_t{1} << all.size(); ++subset)
    if (Selection s = best_of(all, subset, allowed.convert_to<double>()); s.loss < best.loss) best = std::move(s);
  if (best.by_step.empty())
    throw Error(Exit::usage,
                fmt::format("--budget {} is too small: the {} proof costs more", r.options.budget->text,
                            rules.empty() ? "cheapest" : "explained"),
                "--strategy convexity is the shortest proof");

  // Only what is used: a witness that no step takes, and tables that no step needs, have no place in a certificate.
  Findings result;
  result.rule_of_step.resize(r.steps.size());
  result.sums.labels.resize(r.task.vocabulary);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (std::find(best.by_step.begin(), best.by_step.end(), i) == best.by_step.end()) continue;
    Findings& part = candidates[i].findings;
    for (std::size_t step = 0; step < r.steps.size(); ++step) {
      if (best.by_step[step] != i) continue;
      result.rule_of_step[step] = result.rules.size();
      for (std::uint64_t y = r.steps[step].from; y < r.steps[step].to; ++y) result.sums.labels[y] = part.sums.labels[y];
    }
    result.rules.push_back(part.rules.front());
    result.witnesses.merge(part.witnesses);
    if (part.hints.head_tail) result.hints = part.hints;
    result.sums.engine = part.sums.engine;
  }
  return result;
}

} // namespace

const Strategy mixed{.family = &token_sum_family,
                     .name = "mixed",
                     .summary = "for each step the rule that serves best, within a budget",
                     .rule = {.name = {}, .from_below = true},
                     .check = check,
                     .least = [](const Task& task) { return sorted_inputs(task); },
                     .seconds =
                         [](const Shape& shape, const StrategyOptions& options, bool loss) {
                           return symmetry.seconds(shape, options, loss) + convexity.seconds(shape, options, loss) +
                                  (shape.task.context >= 2 ? head_tail.seconds(shape, options, loss) : 0);
                         },
                     .find = find,
                     .beyond = beyond};

} // namespace proofmark
