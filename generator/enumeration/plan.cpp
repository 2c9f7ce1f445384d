#include "enumeration/plan.hpp"

#include "certificates/base64.hpp"
#include "support/error.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark::enumeration {

namespace {

constexpr std::uint64_t usual_steps = 64;
constexpr double seconds_of_an_operation = 1e-9;
constexpr const char* fewer_inputs = "--inputs 0..2,0..2,5 takes fewer inputs; --inputs FILE lists them";

void require_strategy(const ProofOptions& options) {
  if (options.strategy != strategy_name)
    throw Error(Exit::usage,
                fmt::format("--strategy {} is about models of a family and the label max over their whole vocabulary",
                            options.strategy),
                "--strategy enumeration proves every described network, of any inputs and labels");
  take_only(options.how, {});
}

void require_tokens(const FiniteTask& task, const networks::Network& network) {
  const Domain& domain = task.domain;
  if (domain.positions != network.positions)
    throw Error(Exit::usage,
                fmt::format("inputs have {} token{}, but the model has {} position{}", domain.positions,
                            domain.positions == 1 ? "" : "s", network.positions, network.positions == 1 ? "" : "s"),
                "--inputs 0..113,0..113,113 has one range or token a position");
  for (std::uint64_t p = 0; p < domain.positions; ++p)
    if (const Token token = largest_token(domain, p); token >= network.vocabulary(p))
      throw Error(
          Exit::usage,
          fmt::format("inputs have the token {} at position {}, expected one below {}: the embedding has no row for it",
                      token, p, network.vocabulary(p)),
          "positions and tokens are counted from 0");
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

void require_few(const Domain& domain) {
  if (const Integer inputs = size_of(domain); inputs > limits::length)
    throw Error(Exit::usage,
                fmt::format("there are {} inputs, {}: more than the {} operations that the verifier takes",
                            inputs.str(), text(domain), limits::length),
                fewer_inputs);
}

} // namespace

std::vector<InputRange> input_ranges(std::uint64_t inputs, std::uint64_t steps) {
  const std::uint64_t batches = (inputs + batch_size - 1) / batch_size;
  const auto end = [&](std::uint64_t step) {
    if (steps > batches) return static_cast<std::uint64_t>(Integer(inputs) * step / steps);
    return std::min(inputs, static_cast<std::uint64_t>(Integer(batches) * step / steps) * batch_size);
  };
  std::vector<InputRange> ranges;
  for (std::uint64_t step = 0; step < steps; ++step) ranges.push_back({end(step), end(step + 1)});
  return ranges;
}

NetworkPlan plan(const DescribedModel& model, FiniteTask task, const ProofOptions& options) {
  require_strategy(options);
  require_tokens(task, model.network);
  const Stated stated = enumeration::stated(options, model.network.classes);
  require_few(task.domain);
  const auto inputs = static_cast<std::uint64_t>(size_of(task.domain));
  if (options.steps > inputs)
    throw Error(Exit::usage, fmt::format("--steps {} is more than the {} inputs of this task", options.steps, inputs),
                "a step covers at least one input");
  const std::uint64_t batches = (inputs + batch_size - 1) / batch_size;
  const std::uint64_t steps = options.steps != 0 ? options.steps : std::min(batches, usual_steps);

  Integer bytes = task.domain.list.size() + task.label.table.size();
  for (const Tensor& tensor : model.tensors) bytes += tensor.bytes.size();
  require_file_size(base64_bytes(bytes));

  NetworkPlan result{model, std::move(task), options, input_ranges(inputs, steps), stated, 0, 0};
  const Length lengths(model.network, result.task.domain, result.compared());
  result.length = lengths.tables() + lengths.about(0, inputs) + most_of_conclusion(steps);
  require_length(strategy_name, result.length, fewer_inputs);
  require_labels(result.task, model.network.classes);
  result.seconds = result.length.convert_to<double>() * seconds_of_an_operation / options.threads;
  return result;
}

} // namespace proofmark::enumeration
