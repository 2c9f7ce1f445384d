#include "proofs/plan.hpp"

#include "certificates/base64.hpp"
#include "families/families.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace proofmark {

namespace {

const Strategy& chosen_strategy(const Family& family, const std::string& word) {
  if (const Strategy* strategy = find_strategy(family, word)) return *strategy;
  throw Error(Exit::usage,
              fmt::format("there is no strategy {} for models of the family {}", in_quotes(word), family.name),
              spelling_hint(word, strategy_names(family), "strategies"));
}

Error no_loss(const Strategy& strategy) {
  return Error(Exit::usage, fmt::format("--strategy {} shows the accuracy and nothing of the loss", strategy.name),
               "--strategy soft-near-far bounds the loss; --quantity accuracy leaves it out");
}
Error no_margin(const Strategy& strategy) {
  return Error(Exit::usage, fmt::format("--strategy {} bounds no margin", strategy.name),
               fmt::format("--strategy {} does", strategy.family->exact.name));
}

// What steps can state of the quantities that are wanted.
Stated stated(const Strategy& strategy, const Task& task, const Quantities& wanted) {
  return {wanted.cross_entropy && strategy.rule.loss, wanted.accuracy,
          wanted.margin && strategy.rule.exact && task.vocabulary > 1};
}

void require_something(const Strategy& strategy, const Task& task, const Quantities& wanted, const Stated& stated) {
  if (stated.loss || stated.correct || stated.margin) return;
  if (wanted.cross_entropy) throw no_loss(strategy);
  if (wanted.margin && task.vocabulary > 1) throw no_margin(strategy);
  throw Error(Exit::usage,
              wanted.margin ? "a model with one output has no margin" : "a length alone says nothing of the model",
              "--quantity all claims what the strategy supports");
}

void require_supported(const Strategy& strategy, const std::vector<Claim>& claims) {
  for (const Claim& claim : claims) {
    const bool upper = claim.direction == Side::upper, loss = claim.quantity == Quantity::cross_entropy;
    if (loss && !strategy.rule.loss) throw no_loss(strategy);
    if (claim.quantity == Quantity::margin && !strategy.rule.exact) throw no_margin(strategy);
    const bool beyond = (loss && !upper && !strategy.rule.from_below) ||
                        (claim.quantity == Quantity::accuracy && upper && !strategy.rule.exact);
    if (beyond)
      throw Error(Exit::usage,
                  fmt::format("--bound asks for {} {}, but --strategy {} bounds it from {} only",
                              in_words(claim.quantity, claim.direction), claim.bound, strategy.name,
                              upper ? "below" : "above"),
                  fmt::format("--strategy {} bounds it from both sides", strategy.family->exact.name));
  }
}

std::vector<LabelRange> step_ranges(const Strategy& strategy, const Task& task, const ProofOptions& options) {
  require_steps(task, options.steps);
  if (strategy.ranges) return strategy.ranges(task, options.how, options.steps);
  return equal_ranges(task.vocabulary,
                      options.steps != 0 ? options.steps : std::min<std::uint64_t>(task.vocabulary, 64));
}

} // namespace

void require_length(const Strategy& strategy, const Integer& length) {
  require_length(strategy.name, length, strategy.shorter);
}

void require_length(std::string_view strategy, const Integer& length, const char* hint) {
  if (length <= limits::length) return;
  throw Error(
      Exit::usage,
      fmt::format("a certificate by {} would cost at least {} operations, more than the {} that the verifier takes",
                  strategy, length.str(), limits::length),
      hint);
}

void require_file_size(const Integer& bytes) {
  if (bytes <= limits::file_bytes) return;
  throw Error(Exit::usage,
              fmt::format("the certificate would have at least {} bytes, more than the {} that the verifier takes",
                          bytes.str(), limits::file_bytes),
              "a shorter type of the weights, fewer heads or no --budget make it smaller");
}

std::uint64_t context_of(const Model& model, std::uint64_t given) {
  if (!model.family->positions) {
    if (given == 0 && !model.context)
      throw Error(Exit::usage, "this model takes any number of tokens, and its file does not say how many are meant",
                  "add --context N, the number of tokens that it was trained on (docs/interop.md)");
    return given != 0 ? given : *model.context;
  }
  if (given != 0 && given != *model.context)
    throw Error(Exit::usage,
                fmt::format("--context {} was asked for, but this model has {} positions", given, *model.context),
                "leave --context out: the model says it");
  return *model.context;
}

std::string context_note(const Model& model, std::uint64_t context) {
  if (model.family->positions || !model.context || *model.context == context) return {};
  return fmt::format("the model's file says that its inputs have {} tokens; --context asks for {}", *model.context,
                     context);
}

std::map<std::string, std::string> parameters(const ProofOptions& options) {
  std::map<std::string, std::string> result{{"context", std::to_string(options.context)}};
  result.merge(options.how.parameters());
  if (options.explanation) result["explanation"] = options.explanation->name();
  if (options.steps != 0) result["steps"] = std::to_string(options.steps);
  if (options.quantities != Quantities()) result["quantity"] = text(options.quantities);
  std::string bounds;
  for (const Claim& claim : options.bounds)
    bounds +=
        fmt::format("{}{}:{}:{}", bounds.empty() ? "" : " ", name(claim.quantity), name(claim.direction), claim.bound);
  if (!bounds.empty()) result["bound"] = bounds;
  return result;
}

Plan plan(const Shape& shape, const ProofOptions& options) {
  const Strategy& strategy = chosen_strategy(*shape.family, options.strategy);
  const Task& task = shape.task;
  if (strategy.labels != task.labels)
    throw Error(Exit::usage,
                fmt::format("--strategy {} is about the task {}, not {}", strategy.name, strategy.labels->name,
                            task.labels->name),
                "no proof by it holds for other labels");
  require_supported(strategy, options.bounds);
  Plan result{&strategy, shape, options, {}, stated(strategy, task, options.quantities), 0, 0};
  require_something(strategy, task, options.quantities, result.stated);
  result.steps = step_ranges(strategy, task, options);
  strategy.check(task, options.how, result.steps);
  // So that there is no dry run when there is no hope.
  if (strategy.least) require_length(strategy, strategy.least(task));
  const bool loss = options.quantities.cross_entropy;
  const Integer witnesses = strategy.witness_bytes ? strategy.witness_bytes(task, options.how, loss) : Integer(0);
  require_file_size(base64_bytes(Integer(shape.weight_bytes)) + base64_bytes(witnesses));
  result.length = predicted(strategy, shape, options.how, loss, result.correct()).length() +
                  most_of_conclusion(result.steps.size());
  require_length(strategy, result.length);
  result.seconds = strategy.seconds(shape, options.how, loss) / options.threads;
  return result;
}

void require_steps(const Task& task, std::uint64_t steps) {
  if (steps > task.vocabulary)
    throw Error(Exit::usage, fmt::format("--steps {} is more than the {} labels of this model", steps, task.vocabulary),
                "a step covers at least one label");
}

double patience_of(const ProofOptions& options) {
  return options.force ? std::numeric_limits<double>::infinity() : usual_patience_s;
}

void require_patience(const Plan& plan) {
  Patience{patience_of(plan.options)}.begin(plan.seconds);
}

std::string announcement(const Integer& length, double seconds, unsigned threads) {
  constexpr double worth_saying = 10, seconds_of_an_operation = 4e-10;
  const double verifying = length.convert_to<double>() * seconds_of_an_operation / threads;
  if (seconds + verifying < worth_saying) return {};
  return fmt::format("about {} operations: about {} to find, and about {} to verify", length.str(), in_time(seconds),
                     in_time(verifying));
}

} // namespace proofmark
