#include "proving.hpp"

#include "claims.hpp"
#include "error.hpp"
#include "in_quotes.hpp"
#include "spelling.hpp"
#include "steps.hpp"
#include "strategies/strategy.hpp"
#include "version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace proofmark {

namespace {

constexpr double patience_s = 30 * 60;

const Strategy& chosen_strategy(const std::string& word) {
  if (const Strategy* strategy = find_strategy(word)) return *strategy;
  std::vector<std::string> names;
  std::string list;
  for (const Strategy* strategy : strategies()) {
    names.emplace_back(strategy->name);
    list += (list.empty() ? "" : ", ") + names.back();
  }
  const std::string near = nearest_name(word, names);
  throw Error(Exit::usage, fmt::format("there is no strategy {}", in_quotes(word)),
              near.empty() ? "strategies are: " + list : fmt::format("did you mean '{}'?", near));
}

void require_direction(const Strategy& strategy, const std::vector<Claim>& claims) {
  for (const Claim& claim : claims)
    if (!strategy.from_below && claim.quantity == Quantity::cross_entropy && claim.direction == Side::lower)
      throw Error(
          Exit::usage,
          fmt::format("--bound asks for a mean cross-entropy >= {}, but --strategy {} bounds it from above only",
                      claim.bound, strategy.name),
          "--strategy symmetry bounds it from both sides");
}

// The format's limit on the length, on the exact prediction. Two products that every exact rule pays for come
// first, so that no formula is summed over labels when there is no hope.
void require_within_format(const Strategy& strategy, const Task& task, const Certificate& certificate,
                           bool states_correct) {
  const Integer inputs = &strategy == &enumeration ? power(task.vocabulary, task.context)
                                                   : binomial(task.vocabulary + task.context - 1, task.context);
  Integer predicted = strategy.from_below ? Integer(2 * inputs * task.vocabulary) : Integer(0);
  if (predicted <= most_operations())
    predicted = certificate.tables.length() + certificate.conclusion.length() +
                strategy.operations(task, {0, task.vocabulary}, states_correct).length();
  if (predicted > most_operations())
    throw Error(
        Exit::usage,
        fmt::format("a certificate by {} would cost at least {} operations, more than the {} that the format allows",
                    strategy.name, predicted.str(), most_operations().str()),
        &strategy == &enumeration ? "--strategy symmetry costs about 1/n! of that; or use a smaller --context"
                                  : "use a smaller --context or vocabulary");
}

bool claims_accuracy(const std::vector<Claim>& claims) {
  return std::any_of(claims.begin(), claims.end(),
                     [](const Claim& claim) { return claim.quantity == Quantity::accuracy; });
}

// Whether steps state how many inputs are correct. A rule that counts by way of the loss may find none, and
// then says nothing unless it was asked.
bool counts(const Strategy& strategy, const std::vector<LabelSum>& sums, const std::vector<Claim>& wanted) {
  return strategy.from_below || claims_accuracy(wanted) ||
         std::any_of(sums.begin(), sums.end(), [](const LabelSum& sum) { return sum.correct > 0; });
}

// The certificate as far as it is known before the work; every condition that can be checked by then holds.
Certificate planned(const Strategy& strategy, const TokenSumModel& model, const ProofOptions& options) {
  require_direction(strategy, options.bounds);
  Certificate certificate;
  certificate.task = {options.context, model.vocabulary};
  certificate.model = &model;
  certificate.tables = table_operations(strategy, certificate.task, model.width);
  certificate.conclusion = conclusion_operations(number_of_steps(certificate.task, options), 3, options.accuracy);
  require_within_format(strategy, certificate.task, certificate, options.accuracy);
  return certificate;
}

} // namespace

std::uint64_t number_of_steps(const Task& task, const ProofOptions& options) {
  const std::uint64_t steps = options.steps != 0 ? options.steps : std::min<std::uint64_t>(task.vocabulary, 64);
  if (steps > task.vocabulary)
    throw Error(Exit::usage, fmt::format("--steps {} is more than the {} labels of this model", steps, task.vocabulary),
                "a step covers at least one label");
  return steps;
}

std::map<std::string, std::string> parameters(const ProofOptions& options) {
  std::map<std::string, std::string> result{{"context", std::to_string(options.context)}};
  if (options.steps != 0) result["steps"] = std::to_string(options.steps);
  if (!options.accuracy) result["quantity"] = "cross-entropy";
  if (!options.cross_entropy) result["quantity"] = "accuracy";
  std::string bounds;
  for (const Claim& claim : options.bounds)
    bounds +=
        fmt::format("{}{}:{}:{}", bounds.empty() ? "" : " ", name(claim.quantity), name(claim.direction), claim.bound);
  if (!bounds.empty()) result["bound"] = bounds;
  return result;
}

void require_provable(const TokenSumModel& model, const ProofOptions& options) {
  planned(chosen_strategy(options.strategy), model, options);
}

Integer predicted_length(const TokenSumModel& model, const ProofOptions& options) {
  const Strategy& strategy = chosen_strategy(options.strategy);
  const Certificate certificate = planned(strategy, model, options);
  const LabelRange all{0, certificate.task.vocabulary};
  return certificate.tables.length() + certificate.conclusion.length() +
         strategy.operations(certificate.task, all, options.accuracy).length();
}

Proof prove(const TokenSumModel& model, const ProofOptions& options, const std::function<void(double)>& progress) {
  const Strategy& strategy = chosen_strategy(options.strategy);
  Proof proof{planned(strategy, model, options), {}};
  Certificate& certificate = proof.certificate;
  const Task& task = certificate.task;
  proof.sums = strategy.sums(model, task, {options.accuracy, options.threads, progress},
                             options.force ? std::numeric_limits<double>::infinity() : patience_s);
  const bool states_correct = options.accuracy && counts(strategy, proof.sums.labels, options.bounds);
  if (!states_correct && !options.cross_entropy)
    throw Error(Exit::data, fmt::format("--strategy {} proves no input of this model correct", strategy.name),
                "--strategy symmetry counts every correct input");
  for (const LabelRange labels : equal_ranges(task.vocabulary, number_of_steps(task, options)))
    certificate.steps.push_back(declared_step(strategy, task, labels, proof.sums.labels, states_correct));

  const Supported best = supported(task, certificate.steps);
  const Wanted wanted{options.cross_entropy, options.cross_entropy && strategy.from_below, states_correct};
  certificate.claims = options.bounds.empty() ? best_claims(best, wanted) : options.bounds;
  for (const Claim& claim : certificate.claims) require_supported(claim, best);
  certificate.conclusion = conclusion_operations(certificate.steps.size(), certificate.claims.size(), states_correct);
  certificate.provenance = {{"generator", std::string("proofmark ") + version},
                            {"strategy", std::string(strategy.name)},
                            {"engine", proof.sums.engine}};
  return proof;
}

Integer undecided(const Proof& proof) {
  Integer inputs;
  for (const LabelSum& sum : proof.sums.labels) inputs += sum.undecided;
  return inputs;
}

} // namespace proofmark
