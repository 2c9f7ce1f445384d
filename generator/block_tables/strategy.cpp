// --strategy block-tables: sums of tables of blocks of symbols (docs/rules/any/block-tables.md).

#include "block_tables/findings.hpp"
#include "block_tables/groups.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <cmath>

namespace proofmark {

namespace {

using networks::DescribedModel;
using namespace block_tables;

void check(const DescribedModel& model, const FiniteTask& task, const StrategyOptions& how) {
  if (const std::string reason = why_not(model.network, task.domain); !reason.empty())
    throw Error(Exit::usage,
                fmt::format("--strategy block-tables is about networks act(L[x] + R[y]) U + b, and {}", reason),
                "--strategy enumeration proves every described network");
  if (how.budget && how.open)
    throw Error(Exit::usage, "--budget says how much is opened, and --open too", "keep one of them");
}

std::uint64_t unit(const FiniteTask& task) { // a row of inputs
  const TokenRange range = task.domain.ranges[right_position(task.domain)];
  return range.to - range.from;
}

LabelsOfInputs labels_of(const FiniteTask& task) {
  LabelsOfInputs labels(static_cast<std::size_t>(size_of(task.domain)));
  std::vector<Token> input(task.domain.positions);
  for (std::uint64_t i = 0; i < labels.size(); ++i) {
    input_at(task.domain, i, input);
    labels[i] = static_cast<std::uint16_t>(label_of(task.label, i, input).value());
  }
  return labels;
}

// Of the groups that usual gaps find, with nothing opened.
Integer length(const DescribedModel& model, const FiniteTask& task, const StrategyOptions&, const Stated& stated) {
  const Additive network = additive(model.network, task.domain);
  const std::vector<bool> live = live_neurons(network);
  const Form usual = form(groups(network.right, live, {.slack = 2}), groups(network.left, live, {.slack = 2}), true);
  const Length lengths(model.network, task.domain, usual, stated);
  return lengths.tables() + lengths.row() * network.left.rows();
}

double seconds(const DescribedModel& model, const FiniteTask& task, const Integer& length) {
  constexpr double of_an_operation = 2e-9, of_a_search = 3;
  const double logits = (Integer(model.network.classes) * size_of(task.domain)).convert_to<double>();
  return of_an_operation * (length.convert_to<double>() + 20 * logits) + of_a_search;
}

NetworkFindings find(const NetworkAssignment& asked) {
  const Additive network = additive(asked.model.network, asked.task.domain);
  if (!std::isfinite(room(network)))
    throw Error(Exit::data, "the logits are beyond what doubles hold", "the model's weights are too large");
  const LabelsOfInputs labels = labels_of(asked.task);
  Question question{.network = asked.model.network,
                    .additive = network,
                    .task = asked.task,
                    .labels = labels,
                    .stated = asked.stated,
                    .budget = asked.budget,
                    .tau = asked.options.open ? asked.options.open->tau : std::optional(0.0),
                    .given = std::get_if<explanations::BlockTables>(&asked.explanation),
                    .threads = asked.threads,
                    .progress = asked.progress};
  return findings(asked, network, labels, search(question));
}

} // namespace

const NetworkStrategy block_tables_strategy = {
    .name = "block-tables",
    .rule = "block-tables@1",
    .summary =
        "act(L[x] + R[y]) U + b: sums of tables of blocks of symbols; exact accuracy, loss from both sides, margin",
    .takes = {"budget", "open"},
    .explained_by = 2,
    .check = check,
    .unit = unit,
    .whole = true,
    .length = length,
    .seconds = seconds,
    .find = find,
};

} // namespace proofmark
