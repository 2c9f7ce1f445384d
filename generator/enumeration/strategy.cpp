// --strategy enumeration: every input, exactly.

#include "certificates/task_json.hpp"
#include "enumeration/findings.hpp"
#include "files/digest.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

namespace proofmark {

namespace {

using networks::DescribedModel;

enumeration::Compared compared(const Stated& stated) {
  return {stated.correct, stated.margin};
}

std::uint64_t inputs_of(const FiniteTask& task) {
  return static_cast<std::uint64_t>(size_of(task.domain));
}

Integer length(const DescribedModel& model, const FiniteTask& task, const StrategyOptions&, const Stated& stated) {
  const enumeration::Length lengths(model.network, task.domain, compared(stated));
  return lengths.tables() + lengths.about(0, inputs_of(task));
}

double seconds(const DescribedModel&, const FiniteTask&, const Integer& length) {
  constexpr double of_an_operation = 1e-9;
  return length.convert_to<double>() * of_an_operation;
}

NetworkFindings find(const NetworkAssignment& asked) {
  const networks::Network& network = asked.model.network;
  enumeration::Findings found =
      enumeration::find({network, asked.task, asked.steps, asked.length, asked.threads, asked.progress, asked.ledger});
  const enumeration::Length lengths(network, asked.task.domain, compared(asked.stated));
  NetworkFindings result;
  result.steps = std::move(found.steps);
  for (std::size_t i = 0; i < asked.steps.size(); ++i)
    result.steps[i].operations = lengths.step(asked.steps[i].from, asked.steps[i].to);
  result.tables = lengths.tables();
  result.undecided = found.undecided;
  result.engine = found.enclosed ? "doubles and enclosures of 250 bits" : "doubles";
  return result;
}

std::string ledger_of(const DescribedModel& model, const FiniteTask& task, const std::vector<InputRange>& steps) {
  return fmt::format("proofmark {}: sums by batch, model {}, task {}, {} steps", version, model.sha256,
                     Sha256().update(task_text(task)).hex(), steps.size());
}

std::string pieces(const FiniteTask& task) {
  return fmt::format("{} batches", (inputs_of(task) + enumeration::batch_size - 1) / enumeration::batch_size);
}

} // namespace

const NetworkStrategy enumeration_strategy = {
    .name = "enumeration",
    .rule = "enumeration@1",
    .summary = "every input, exactly: loss and accuracy from both sides, margin",
    .takes = {},
    .check = [](const DescribedModel&, const FiniteTask&, const StrategyOptions&) {},
    .unit = [](const FiniteTask&) { return enumeration::batch_size; },
    .length = length,
    .seconds = seconds,
    .find = find,
    .ledger_of = ledger_of,
    .pieces = pieces,
};

} // namespace proofmark
