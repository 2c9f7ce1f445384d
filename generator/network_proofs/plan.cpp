#include "network_proofs/plan.hpp"

#include "certificates/base64.hpp"
#include "enumeration/length.hpp"
#include "network_proofs/strategies.hpp"
#include "networks/tasks/fitting.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark::network_proofs {

namespace {

using networks::DescribedModel;

constexpr std::uint64_t usual_steps = 64;

const NetworkStrategy& chosen_strategy(const std::string& word) {
  if (const NetworkStrategy* strategy = network_strategy(word)) return *strategy;
  throw Error(
      Exit::usage,
      fmt::format("--strategy {} is about models of a family and the label max over their whole vocabulary", word),
      fmt::format("of described networks, any inputs and labels: {}", joined(network_strategy_names(), ", ")));
}

Stated stated(const ProofOptions& options, std::uint64_t classes) {
  const Quantities& wanted = options.quantities;
  const Stated result{wanted.cross_entropy, wanted.accuracy, wanted.margin && classes > 1};
  const bool margin_is_claimed = std::any_of(options.bounds.begin(), options.bounds.end(),
                                             [](const Claim& claim) { return claim.quantity == Quantity::margin; });
  if (classes == 1 && (margin_is_claimed || (wanted.margin && !result.loss && !result.correct)))
    throw Error(Exit::usage, "a model with one output has no margin",
                "--quantity all claims what the strategy supports");
  if (!result.loss && !result.correct && !result.margin)
    throw Error(Exit::usage, "a length alone says nothing of the model",
                "--quantity all claims what the strategy supports");
  return result;
}

void require_few(const Domain& domain, const char* fewer) {
  if (const Integer inputs = size_of(domain); inputs > limits::length)
    throw Error(Exit::usage,
                fmt::format("there are {} inputs, {}: more than the {} operations that the verifier takes",
                            inputs.str(), text(domain), limits::length),
                fewer);
}

std::uint64_t number_of_steps(const NetworkStrategy& strategy, std::uint64_t asked, std::uint64_t inputs,
                              std::uint64_t unit) {
  if (asked > inputs)
    throw Error(Exit::usage, fmt::format("--steps {} is more than the {} inputs of this task", asked, inputs),
                "a step covers at least one input");
  const std::uint64_t units = (inputs + unit - 1) / unit;
  if (strategy.whole && asked > units)
    throw Error(Exit::usage, fmt::format("--steps {} is more than the {} rows of {} inputs", asked, units, unit),
                fmt::format("a step of --strategy {} covers whole rows", strategy.name));
  return asked != 0 ? asked : std::min(units, usual_steps);
}

std::optional<Integer> operations_of(const Budget& budget, const Integer& whole, const Integer& conclusion) {
  const Rational amount = budget.share() ? budget.amount * Rational(whole) : budget.amount;
  const Integer operations = numerator(amount) / denominator(amount);
  return operations < conclusion ? Integer(0) : Integer(operations - conclusion);
}

} // namespace

std::vector<InputRange> input_ranges(std::uint64_t inputs, std::uint64_t steps, std::uint64_t unit) {
  const std::uint64_t units = (inputs + unit - 1) / unit;
  const auto end = [&](std::uint64_t step) {
    if (steps > units) return static_cast<std::uint64_t>(Integer(inputs) * step / steps);
    return std::min(inputs, static_cast<std::uint64_t>(Integer(units) * step / steps) * unit);
  };
  std::vector<InputRange> ranges;
  for (std::uint64_t step = 0; step < steps; ++step) ranges.push_back({end(step), end(step + 1)});
  return ranges;
}

Integer whole_length(const DescribedModel& model, const FiniteTask& task) {
  return enumeration::unshared_length(model.network, size_of(task.domain), {});
}

NetworkPlan plan(const DescribedModel& model, FiniteTask task, const ProofOptions& options,
                 NetworkExplanation explanation) {
  const NetworkStrategy& strategy = chosen_strategy(options.strategy);
  take_only(options.how, strategy.takes);
  networks::require_tokens(task.domain, model.network);
  const Stated stated = network_proofs::stated(options, model.network.classes);
  require_few(task.domain, strategy.shorter);
  const auto inputs = static_cast<std::uint64_t>(size_of(task.domain));

  Integer bytes = task.domain.list.size() + task.label.table.size();
  for (const Tensor& tensor : model.tensors) bytes += tensor.bytes.size();
  require_file_size(base64_bytes(bytes));
  require_labels(task, model.network.classes);
  strategy.check(model, task, options.how);

  const std::uint64_t unit = strategy.unit(task);
  const std::uint64_t steps = number_of_steps(strategy, options.steps, inputs, unit);
  NetworkPlan result{
      &strategy, model, std::move(task), options, std::move(explanation), input_ranges(inputs, steps, unit), stated, {},
      0,         0};
  const Integer conclusion = most_of_conclusion(steps);
  if (options.how.budget)
    result.budget = operations_of(*options.how.budget, whole_length(model, result.task), conclusion);
  result.length = strategy.length(model, result.task, options.how, stated) + conclusion;
  if (result.budget) result.length = std::min(result.length, Integer(*result.budget + conclusion));
  require_length(strategy.name, result.length, strategy.shorter);
  result.seconds = strategy.seconds(model, result.task, result.length) / options.threads;
  return result;
}

} // namespace proofmark::network_proofs
